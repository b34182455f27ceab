"""A second simulator, written from the design and the facts contract alone: an outsider's idea of how partners behave.

It shares no assumption with `bench.simulate`: no stages, no archetype tables, no event rates of the shipped program. A partner
is a few continuous latents that move weekly; what it does is read off them.
"""
