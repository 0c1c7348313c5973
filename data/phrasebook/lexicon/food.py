"""Nouns of food, drink and the table."""

FOOD = """
# Dishes
soup | soups | f | Suppe | Suppen | dish warm
salad | salads | m | Salat Salats | Salate | savoury dish fresh
steak | steaks | n | Steak Steaks | Steaks | dish warm
pizza | pizzas | f | Pizza | Pizzas | savoury dish warm sliced
omelet | omelets | n | Omelett Omeletts | Omeletts | savoury dish warm
cake | cakes | m | Kuchen Kuchens | Kuchen | dish fresh sweet sliced
roll | rolls | n | Brötchen Brötchens | Brötchen | dish fresh grocery
sausage | sausages | f | Wurst | Würste | dish warm grocery sliced
hamburger | hamburgers | m | Hamburger Hamburgers | Hamburger | savoury dish warm
sandwich | sandwiches | n | Sandwich Sandwichs | Sandwiches | savoury dish fresh
schnitzel | schnitzels | n | Schnitzel Schnitzels | Schnitzel | dish warm
ice cream | - | n | Eis Eises | - | dish sweet
dessert | desserts | m | Nachtisch Nachtischs | Nachtische | dish sweet
appetizer | appetizers | f | Vorspeise | Vorspeisen | dish
croissant | croissants | n | Croissant Croissants | Croissants | dish fresh
pancake | pancakes | m | Pfannkuchen Pfannkuchens | Pfannkuchen | dish warm
waffle | waffles | f | Waffel | Waffeln | dish warm
pretzel | pretzels | f | Brezel | Brezeln | dish fresh grocery
fried egg | fried eggs | n | Spiegelei Spiegeleis | Spiegeleier | dish warm
main course | main courses | n | Hauptgericht Hauptgerichts | Hauptgerichte | dish warm
side dish | side dishes | f | Beilage | Beilagen | dish warm
stew | stews | m | Eintopf Eintopfs | Eintöpfe | dish warm
cookie | cookies | m | Keks Kekses | Kekse | food sweet eat
# Drinks
coffee | coffees | m | Kaffee Kaffees | Kaffee Kaffee | drink hotdrink
tea | teas | m | Tee Tees | Tee Tee | drink hotdrink
beer | beers | n | Bier Biers | Bier Bier | drink colddrink glassed bottled
juice | juices | m | Saft Safts | Säfte | drink colddrink glassed bottled
lemonade | lemonades | f | Limonade | Limonaden | drink colddrink glassed bottled
wine | wines | m | Wein Weins | Weine | drink colddrink glassed bottled
hot chocolate | hot chocolates | m | Kakao Kakaos | Kakaos | drink hotdrink
cappuccino | cappuccinos | m | Cappuccino Cappuccinos | Cappuccinos | drink hotdrink
espresso | espressos | m | Espresso Espressos | Espressos | drink hotdrink
latte | lattes | m | Milchkaffee Milchkaffees | Milchkaffee Milchkaffee | drink hotdrink
cola | colas | f | Cola | Cola Cola | drink colddrink
orange juice | orange juices | m | Orangensaft Orangensafts | Orangensäfte | drink colddrink glassed
apple juice | apple juices | m | Apfelsaft Apfelsafts | Apfelsäfte | drink colddrink glassed
mineral water | mineral waters | n | Mineralwasser Mineralwassers | Mineralwasser Mineralwasser | drink colddrink glassed bottled
red wine | red wines | m | Rotwein Rotweins | Rotweine | drink glassed bottled
white wine | white wines | m | Weißwein Weißweins | Weißweine | drink colddrink glassed bottled
sparkling wine | sparkling wines | m | Sekt Sekts | - | drink colddrink glassed bottled
cocktail | cocktails | m | Cocktail Cocktails | Cocktails | drink colddrink
whiskey | whiskeys | m | Whisky Whiskys | Whiskys | drink
iced tea | iced teas | m | Eistee Eistees | Eistees | drink colddrink glassed
water | - | n | Wasser Wassers | - | food liquid colddrink mass glassed bottled
milk | - | f | Milch | - | food liquid mass fresh with stir glassed
alcohol | - | m | Alkohol Alkohols | - | food liquid mass
# Food that is not counted
bread | - | n | Brot Brotes | - | food mass fresh eat sliced
butter | - | f | Butter | - | food mass with
cheese | - | m | Käse Käses | - | food mass with fresh eat topping bulk sliced
sugar | - | m | Zucker Zuckers | - | food mass with stir bulk
salt | - | n | Salz Salzes | - | food mass with
pepper | - | m | Pfeffer Pfeffers | - | food mass with
rice | - | m | Reis Reises | - | food mass with warm eat cook side bulk
meat | - | n | Fleisch Fleisches | - | food mass with fresh warm eat cook bulk
beef | - | n | Rindfleisch Rindfleischs | - | food mass fresh eat
pork | - | n | Schweinefleisch Schweinefleischs | - | food mass fresh eat
lamb | - | n | Lammfleisch Lammfleischs | - | food mass fresh eat
chicken | - | n | Hähnchen Hähnchens | - | food mass fresh warm eat
fish | - | m | Fisch Fisches | - | food mass fresh warm eat cook
salmon | - | m | Lachs Lachses | - | food mass fresh eat
tuna | - | m | Thunfisch Thunfischs | - | food mass with eat topping
ham | - | m | Schinken Schinkens | - | food mass with eat topping sliced
bacon | - | m | Speck Specks | - | food mass with eat topping
honey | - | m | Honig Honigs | - | food mass with eat stir
jam | - | f | Marmelade | - | food mass with
cream | - | f | Sahne | - | food mass with stir
ketchup | - | m | Ketchup Ketchups | - | food mass with topping
mustard | - | m | Senf Senfs | - | food mass with topping
oil | - | n | Öl Öls | - | food mass bottled
vinegar | - | m | Essig Essigs | - | food mass
flour | - | n | Mehl Mehls | - | food mass bulk
garlic | - | m | Knoblauch Knoblauchs | - | food mass with topping
chocolate | - | f | Schokolade | - | food mass eat
fruit | - | n | Obst Obstes | - | food mass fresh eat
yogurt | - | m | Joghurt Joghurts | - | food mass fresh eat
spinach | - | m | Spinat Spinats | - | food mass eat
corn | - | m | Mais Maises | - | food mass eat
ice | - | n | Eis Eises | - | mass with
vegetables | = | n* | Gemüse Gemüses | - | food mass fresh with warm eat cook side
- | french fries | f | - | Pommes Pommes | food with warm eat side
noodle | noodles | f | Nudel | Nudeln | food with warm eat cook side
- | shrimp | f | - | Garnelen | food eat
- | spaghetti | f | - | Spaghetti Spaghetti | food warm eat cook
# Fruit and vegetables
apple | apples | m | Apfel Apfels | Äpfel | fruit fresh grocery food eat bulk
orange | oranges | f | Orange | Orangen | fruit fresh grocery food eat bulk
banana | bananas | f | Banane | Bananen | fruit fresh grocery food eat bulk
egg | eggs | n | Ei Eis | Eier | fruit fresh grocery food eat cook topping
tomato | tomatoes | f | Tomate | Tomaten | fresh grocery food with eat topping bulk
potato | potatoes | f | Kartoffel | Kartoffeln | grocery food with eat cook side bulk
onion | onions | f | Zwiebel | Zwiebeln | grocery food with topping bulk
carrot | carrots | f | Karotte | Karotten | fresh grocery food eat bulk
cucumber | cucumbers | f | Gurke | Gurken | fresh grocery food eat
mushroom | mushrooms | m | Pilz Pilzes | Pilze | fresh food with eat topping
bean | beans | f | Bohne | Bohnen | food with eat cook
pea | peas | f | Erbse | Erbsen | food eat
nut | nuts | f | Nuss | Nüsse | food with eat
peanut | peanuts | f | Erdnuss | Erdnüsse | food eat
strawberry | strawberries | f | Erdbeere | Erdbeeren | fresh food eat bulk
raspberry | raspberries | f | Himbeere | Himbeeren | fresh food eat
cherry | cherries | f | Kirsche | Kirschen | fresh food eat bulk
grape | grapes | f | Traube | Trauben | fresh food eat bulk
lemon | lemons | f | Zitrone | Zitronen | grocery food
pear | pears | f | Birne | Birnen | fruit fresh grocery food eat bulk
peach | peaches | m | Pfirsich Pfirsichs | Pfirsiche | fruit fresh grocery food eat
plum | plums | f | Pflaume | Pflaumen | fresh food eat bulk
pineapple | pineapples | f | Ananas | Ananas | fruit fresh grocery
melon | melons | f | Melone | Melonen | fruit fresh grocery food eat
olive | olives | f | Olive | Oliven | food with eat
bell pepper | bell peppers | f | Paprika | Paprikas | grocery fresh
# The table
fork | forks | f | Gabel | Gabeln | supply tableware
knife | knives | n | Messer Messers | Messer | supply tableware
spoon | spoons | m | Löffel Löffels | Löffel | supply tableware
plate | plates | m | Teller Tellers | Teller | supply tableware
glass | - | n | Glas Glases | - | supply tableware
cup | cups | f | Tasse | Tassen | supply tableware
napkin | napkins | f | Serviette | Servietten | supply tableware
straw | straws | m | Strohhalm Strohhalms | Strohhalme | tableware
bottle | bottles | f | Flasche | Flaschen | tableware
bowl | bowls | f | Schüssel | Schüsseln | supply tableware
chair | chairs | m | Stuhl Stuhls | Stühle | furniture supply
ashtray | ashtrays | m | Aschenbecher Aschenbechers | Aschenbecher | tableware
spice | spices | n | Gewürz Gewürzes | Gewürze | food
"""
