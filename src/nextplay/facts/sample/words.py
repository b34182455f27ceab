"""Invented names: companies, people, customers, products. Any likeness is an accident."""

HOUSE = "Quillharbor"
HOUSE_DOMAIN = "quillharbor.example"

# First and second halves of company names; 'Fennmoor', 'Nordvane', 'Aldermeer' are made this way.
FIRST_HALVES = (
    *("Alder", "Ash", "Attle", "Brack", "Bram", "Brind", "Calder", "Corr", "Dorn", "Dun", "Eld", "Esker", "Fal", "Fenn"),
    *("Gar", "Hald", "Harrow", "Hex", "Ilm", "Kestrel", "Kirk", "Lark", "Lind", "Marl", "Mere", "Nord", "Oaken", "Oss"),
    *("Pell", "Quern", "Raven", "Rush", "Salt", "Stave", "Tam", "Thorn", "Toll", "Ulver", "Vel", "Wex", "Wyn", "Yarrow"),
)
SECOND_HALVES = (
    *("beck", "borough", "brook", "bury", "combe", "dale", "fell", "field", "ford", "garth", "gate", "grave", "hallow"),
    *("holt", "hurst", "lane", "lock", "marsh", "meer", "mere", "moor", "quay", "ridge", "stead", "vane", "wick"),
)
COMPANY_KINDS = (
    *("Systems", "Digital", "Data", "Cloud", "Solutions", "Advisory", "IT", "Labs", "Tech", "Partners", "Group"),
    *("Consulting", "Works", "Software", "Integration", "Networks"),
)
CUSTOMER_FIRST = (
    *("Attermoor", "Bluefen", "Brindlow", "Cragside", "Dornwick", "Ellbrook", "Fosse", "Garrow", "Harrowden", "Hexmoor"),
    *("Inkpen", "Jarrowby", "Kettlewell", "Lindmere", "Lowick", "Marchfield", "Netherby", "Ombrelane", "Ossel", "Pinnick"),
    *("Quarley", "Redmire", "Saltmere", "Selwick", "Stavelock", "Tamberley", "Thirlby", "Underhay", "Varrow", "Wexcombe"),
    *(
        "Aldwick",
        "Barrowby",
        "Coldharbor",
        "Dunsley",
        "Eversholt",
        "Farrowdale",
        "Greyford",
        "Hollinside",
        "Irthing",
        "Kelbrook",
    ),
    *("Langrigg", "Millbeck", "Northam", "Orrest", "Penfold", "Ravensby", "Skelwith", "Torver", "Ulpha", "Wansfell"),
    *("Ardley", "Bexcote", "Cawthorn", "Denholme", "Eastrigg", "Fallowfield", "Gilsland", "Hawkshead", "Ingleby", "Keswood"),
    *("Lorton", "Mosedale", "Newlands"),
)

# Industry, and what its companies call themselves.
INDUSTRIES = {
    "Manufacturing": ("Steel", "Mills", "Castings", "Tooling", "Foods", "Plastics", "Motors"),
    "Healthcare": ("Clinics", "Hospital Trust", "Care", "Diagnostics", "Health", "Dental", "Medical Center"),
    "Financial services": ("Bank", "Mutual", "Insurance", "Capital", "Leasing", "Savings", "Credit Union"),
    "Public sector": ("Council", "Water Board", "Borough", "Schools", "Transport Authority", "County", "Library Service"),
    "Logistics": ("Freight", "Cold Chain", "Transport", "Rail", "Shipping", "Parcel", "Warehousing"),
    "Energy": ("Energy", "Grid", "Solar", "Wind", "Power", "Utilities", "Gas Storage"),
    "Life sciences": ("Biotech", "Pharma", "Genomics", "Labs", "Therapeutics", "Devices", "Vaccines"),
}
REGIONS = {
    "DACH": ("Germany", "German"),
    "UK and Ireland": ("United Kingdom", "English"),
    "North America": ("United States", "English"),
    "Nordics": ("Sweden", "Swedish"),
    "Benelux": ("Netherlands", "Dutch"),
    "Iberia": ("Spain", "Spanish"),
    "APAC": ("Singapore", "English"),
}
EURO_REGIONS = ("DACH", "Benelux", "Iberia")
OFFERINGS = (
    *("Implementation", "Integration", "Training", "Managed services", "Data migration", "Support", "Industry templates"),
)
SUBTYPES = {
    "System integrator": ("consulting", "solution"),
    "Boutique consultancy": ("consulting", "solution"),
    "Managed service provider": ("services", "solution"),
    "Value-added reseller": ("reseller", "sales"),
    "Software vendor": ("technology", "technology"),
    "Agency": ("agency", "sales"),
}
PRODUCTS = ("Line Monitor", "Flow Planner", "Service Desk", "Insight Hub")
OFFERS = (
    *("Line-stop alerts in four weeks", "One plant, one dashboard", "Ward planning without spreadsheets"),
    *("Audit-ready in a quarter", "Fewer empty trucks", "Grid faults before the phone rings", "First data, then automation"),
)
FIRST_NAMES = (
    *("Runa", "Marek", "Signe", "Olli", "Joss", "Ada", "Bruno", "Cleo", "Dario", "Elif", "Freya", "Gustav", "Hana", "Ivo"),
    *("Jana", "Kofi", "Lena", "Milo", "Noor", "Otis", "Petra", "Quinn", "Rasa", "Sven", "Tilda", "Umar", "Vera", "Wanda"),
    *("Ximena", "Yara", "Zeno", "Amir", "Britt", "Caspar", "Daria", "Emil"),
)
LAST_NAMES = (
    *("Aske", "Oyle", "Tarnow", "Brandreth", "Wetherly", "Farrow", "Lindqvist", "Mossman", "Okoro", "Pellar", "Quist"),
    *("Ravn", "Sorley", "Thackray", "Ulrich", "Vasek", "Wold", "Ystad", "Zeller", "Ambrose", "Birk", "Calloway", "Dunne"),
    *("Eklund", "Forsyth", "Garnier", "Hallam", "Iversen", "Jessop", "Kirwan", "Laurent", "Maddox", "Novak", "Osei"),
)
# Who sells at partners that the pages of the design tell of.
KNOWN_SELLERS = {"Fennmoor Digital": "Runa Aske", "Nordvane Systems": "Marek Oyle", "Halden Tarn Advisory": "Joss Wetherly"}
