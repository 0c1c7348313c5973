"""Compound nouns, which English writes as two words."""

COMPOUND_NOUNS = """
# Food
tomato soup | tomato soups | f | Tomatensuppe | Tomatensuppen | dish warm
chicken soup | chicken soups | f | Hühnersuppe | Hühnersuppen | dish warm
vegetable soup | vegetable soups | f | Gemüsesuppe | Gemüsesuppen | dish warm
potato soup | potato soups | f | Kartoffelsuppe | Kartoffelsuppen | dish warm
onion soup | onion soups | f | Zwiebelsuppe | Zwiebelsuppen | dish warm
potato salad | potato salads | m | Kartoffelsalat Kartoffelsalats | Kartoffelsalate | dish fresh
fruit salad | fruit salads | m | Obstsalat Obstsalats | Obstsalate | dish fresh
tomato salad | tomato salads | m | Tomatensalat Tomatensalats | Tomatensalate | dish fresh
chocolate cake | chocolate cakes | m | Schokoladenkuchen Schokoladenkuchens | Schokoladenkuchen | dish sweet
apple pie | apple pies | m | Apfelkuchen Apfelkuchens | Apfelkuchen | dish sweet
birthday cake | birthday cakes | m | Geburtstagskuchen Geburtstagskuchens | Geburtstagskuchen | dish sweet
chocolate ice cream | - | n | Schokoladeneis Schokoladeneises | - | dish sweet
vanilla ice cream | - | n | Vanilleeis Vanilleeises | - | dish sweet
cheese sandwich | cheese sandwiches | n | Käsebrot Käsebrotes | Käsebrote | dish fresh
ham sandwich | ham sandwiches | n | Schinkenbrot Schinkenbrotes | Schinkenbrote | dish fresh
tomato juice | tomato juices | m | Tomatensaft Tomatensafts | Tomatensäfte | drink glassed
wine list | wine lists | f | Weinkarte | Weinkarten | served readable
# Tickets and travel
train ticket | train tickets | f | Zugfahrkarte | Zugfahrkarten | ticket paper
bus ticket | bus tickets | f | Busfahrkarte | Busfahrkarten | ticket paper
plane ticket | plane tickets | n | Flugticket Flugtickets | Flugtickets | ticket paper
concert ticket | concert tickets | f | Konzertkarte | Konzertkarten | ticket paper
ticket office | ticket offices | m | Fahrkartenschalter Fahrkartenschalters | Fahrkartenschalter | spot
information desk | information desks | m | Infoschalter Infoschalters | Infoschalter | spot
train driver | train drivers | m | Lokführer Lokführers | Lokführer | staff
bus driver | bus drivers | m | Busfahrer Busfahrers | Busfahrer | staff
taxi driver | taxi drivers | m | Taxifahrer Taxifahrers | Taxifahrer | staff
night train | night trains | m | Nachtzug Nachtzuges | Nachtzüge | distance public next
boat trip | boat trips | f | Bootsfahrt | Bootsfahrten | trip bookable
city tour | city tours | f | Stadtrundfahrt | Stadtrundfahrten | trip bookable event
aisle seat | aisle seats | m | Gangplatz Gangplatzes | Gangplätze | seat
car rental | car rentals | f | Autovermietung | Autovermietungen | house
main street | main streets | f | Hauptstraße | Hauptstraßen | road
side street | side streets | f | Seitenstraße | Seitenstraßen | road
traffic jam | traffic jams | m | Stau Staus | Staus | trouble
speed limit | - | n | Tempolimit Tempolimits | - | idea
weather forecast | weather forecasts | m | Wetterbericht Wetterberichts | Wetterberichte | text
# At home and in the hotel
hotel key | hotel keys | m | Hotelschlüssel Hotelschlüssels | Hotelschlüssel | thing
room key | room keys | m | Zimmerschlüssel Zimmerschlüssels | Zimmerschlüssel | thing
car key | car keys | m | Autoschlüssel Autoschlüssels | Autoschlüssel | thing
house key | house keys | m | Hausschlüssel Hausschlüssels | Hausschlüssel | thing
front door | front doors | f | Haustür | Haustüren | opening
bedside lamp | bedside lamps | f | Nachttischlampe | Nachttischlampen | appliance switch
coffee machine | coffee machines | f | Kaffeemaschine | Kaffeemaschinen | appliance
coffee cup | coffee cups | f | Kaffeetasse | Kaffeetassen | tableware
wine glass | wine glasses | n | Weinglas Weinglases | Weingläser | tableware
water bottle | water bottles | f | Wasserflasche | Wasserflaschen | thing tableware
room service | - | m | Zimmerservice Zimmerservices | - | idea
garbage can | garbage cans | m | Mülleimer Mülleimers | Mülleimer | furniture
# Clothes and things
winter coat | winter coats | m | Wintermantel Wintermantels | Wintermäntel | clothes thing buyable coloured
winter jacket | winter jackets | f | Winterjacke | Winterjacken | clothes thing buyable coloured
rain jacket | rain jackets | f | Regenjacke | Regenjacken | clothes thing buyable coloured
hiking boot | hiking boots | m | Wanderschuh Wanderschuhs | Wanderschuhe | pair coloured
sun hat | sun hats | m | Sonnenhut Sonnenhuts | Sonnenhüte | clothes thing buyable coloured
beach towel | beach towels | n | Strandtuch Strandtuchs | Strandtücher | thing coloured
shopping bag | shopping bags | f | Einkaufstasche | Einkaufstaschen | luggage thing coloured
birthday present | birthday presents | n | Geburtstagsgeschenk Geburtstagsgeschenks | Geburtstagsgeschenke | present
children's book | children's books | n | Kinderbuch Kinderbuchs | Kinderbücher | prose readable buyable
bank card | bank cards | f | Bankkarte | Bankkarten | paper thing
phone charger | phone chargers | n | Handyladegerät Handyladegeräts | Handyladegeräte | thing
# Places
tennis court | tennis courts | m | Tennisplatz Tennisplatzes | Tennisplätze | usable
soccer stadium | soccer stadiums | n | Fußballstadion Fußballstadions | Fußballstadien Fußballstadien | house
children's hospital | children's hospitals | n | Kinderkrankenhaus Kinderkrankenhauses | Kinderkrankenhäuser | building
shoe store | shoe stores | n | Schuhgeschäft Schuhgeschäfts | Schuhgeschäfte | house shop
toy store | toy stores | n | Spielzeuggeschäft Spielzeuggeschäfts | Spielzeuggeschäfte | house shop
gift shop | gift shops | m | Geschenkeladen Geschenkeladens | Geschenkeläden Geschenkeläden | house shop
language school | language schools | f | Sprachschule | Sprachschulen | house
# Health and events
eye doctor | eye doctors | m | Augenarzt Augenarztes | Augenärzte | staff medic
nose spray | - | n | Nasenspray Nasensprays | - | goods mass
- | eye drops | m | - | Augentropfen Augentropfen | medicine
blood test | blood tests | m | Bluttest Bluttests | Bluttests | treatment
birthday party | birthday parties | f | Geburtstagsparty | Geburtstagspartys | event joy
soccer game | soccer games | n | Fußballspiel Fußballspiels | Fußballspiele | event show
tennis match | tennis matches | n | Tennisspiel Tennisspiels | Tennisspiele | event show
German course | German courses | m | Deutschkurs Deutschkurses | Deutschkurse | event session
"""
