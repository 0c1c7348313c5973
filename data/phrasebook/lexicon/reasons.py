"""What goes with what: which circumstances hinder an action and which call for it."""

from __future__ import annotations

# Theme of the action: predicates of its object that keep one from it.
HINDERING = {
    "shop": ("too expensive", "too small", "too big", "too long", "too short"),
    "meal": ("cold", "too salty", "too sweet", "not fresh"),
    "drink": ("cold", "too sweet"),
    "pick": ("too expensive", "too small", "too loud", "too big"),
    "booking": ("too expensive", "fully booked", "too loud", "too small"),
    "sight": ("closed", "far away"),
    "outing": ("fully booked", "boring"),
    "luggage": ("too heavy",),
    "ride": ("full", "not on time"),
    "read": ("boring",),
    "chore": ("wrong",), "pay": ("wrong",),
    "fetch": ("too heavy",),
}
# Theme of the action: predicates of its object that make one want it.
INVITING = {
    "shop": ("not expensive", "very beautiful"),
    "meal": ("delicious", "very good", "fresh"),
    "drink": ("delicious", "very good"),
    "pick": ("very good", "not expensive", "very quiet", "clean", "delicious"),
    "booking": ("not expensive", "very quiet", "clean"),
    "sight": ("famous", "very beautiful", "very interesting", "open"),
    "outing": ("very interesting",),
    "read": ("very interesting",),
    "search": ("important",),
    "fetch": ("important",),
    "cancel": ("too expensive",),
}
BAD_WEATHER = ("rain", "snow", "cold", "very hot", "windy", "dark", "too late")
HINDERING_WEATHER = {
    "sight": BAD_WEATHER, "swim": BAD_WEATHER, "walk": BAD_WEATHER, "go": BAD_WEATHER,
    "people": ("snow", "too late"), "call": ("too late",), "shop": ("too late",),
    "return": ("snow", "rain"),
}  # fmt: skip
INVITING_WEATHER = {
    "sight": ("sunny",), "swim": ("sunny", "very hot"), "walk": ("sunny",),
    "ride": ("rain", "snow", "too late", "cold"), "return": ("too late", "dark", "cold"),
    "drink": ("very hot",), "rest": ("very hot",),
}  # fmt: skip
# Themes of what may keep one from anything, and of what one travels for.
DUTIES = frozenset({"work", "wait", "call", "chore", "pay"})
ERRANDS = frozenset({"sight", "outing", "people"})
TRAVELLING = frozenset({"ride", "rise"})
# A delayed bus spoils these.
SPOILT_BY_DELAY = frozenset({"people", "work", "return", "outing", "go"})
# What may follow in one day out, and in one round of chores.
OUTING = frozenset("sight outing people meal drink shop swim rest go read".split())
CHORES = frozenset("booking chore pay post fetch luggage call".split())
# What one does when the weather or the bus spoils a plan, and when a duty does.
INDOORS = frozenset({"meal", "drink", "read", "call", "rest"})
APOLOGIES = frozenset({"call", "cancel"})
# Place: themes of what one goes there for.
PLACE_PURPOSES = {
    "Markt": ("food",), "Supermarkt": ("food",), "Restaurant": ("meal",), "Café": ("drink",),
    "Post": ("post",), "Bibliothek": ("read",), "Schwimmbad": ("swim",),
    "Strand": ("swim", "rest"), "Park": ("rest", "read"), "Hotel": ("rest", "luggage"),
    "Bahnhof": ("fetch",), "Altstadt": ("shop", "meal", "drink"), "Krankenhaus": ("people",),
}  # fmt: skip
