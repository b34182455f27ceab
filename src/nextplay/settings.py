"""Django's settings, from the home folder."""

from nextplay.home import home_folder

INSTALLED_APPS: list[str] = []
HOME = home_folder()
