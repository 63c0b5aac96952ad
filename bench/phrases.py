"""Sentences of our own for generated articles: plain news, news that only sounds like an event, and events."""

PLAIN = (
    "The {adj} {thing} opened its doors on {day} after {number} months of work on the old {place}.",
    "{name}, who has led the {body} since spring, said the budget would grow by {number} per cent next year.",
    "Visitors from {city} walked through the {adj} gardens and bought {number} kinds of cheese.",
    "A spokeswoman for the {body} said that the plan was still being studied and that nothing had been settled.",
    "Prices of {goods} rose by {number} per cent in {month}, the statistics office reported.",
    "The river near {city} stood {number} centimetres above its usual level for the season.",
    "{name} and {name} wrote the music together in a small house outside {city}.",
    "Teachers in {city} say that the new timetable leaves pupils too little time for lunch.",
    "The museum bought {number} drawings by a painter who had spent most of her life in {city}.",
    "In the second half the visitors scored twice and kept the ball for long minutes.",
    "Shares of the {goods} maker closed {number} per cent higher on a quiet {day}.",
    "The bakery on the corner of the square sells bread with {goods} and closes at noon.",
    "Engineers tested the {adj} bridge with {number} lorries filled with sand before the ribbon was cut.",
    "Rain is expected along the coast on {day}, with sunny spells in the afternoon.",
    "The {body} has asked the residents of {city} what they think about the tram line.",
    "Her third novel tells of a family that moves to {city} and runs a hotel there.",
    "Fewer than {number} people a day use the station, so the last train now leaves at ten.",
    "Researchers counted {number} species of birds on the islands, among them the {adj} tern.",
    "The company will build its next {thing} in {city}, where it already employs {number} people.",
    "Cooks from the region prepared {goods} for {number} guests under the chestnut trees.",
    "The choir of {city} sang for an hour, and the audience asked for more.",
    "Nobody could say when the {adj} library would be finished, but the roof is on.",
    "A study of {number} households found that most read the paper at breakfast.",
    "The new software lets farmers see how much water their {goods} need.",
    "{name} thanked the volunteers, the neighbours and the cooks in a short speech.",
    "Tickets for the concert in {city} cost {number} euros and can be bought at the door.",
    "The ministry of culture expects {number} thousand visitors at the {adj} fair this {month}.",
    "Two of the oldest oaks in the park were measured again and had grown a little.",
)

SOUNDS_LIKE = (
    "The team was robbed of a win when the goalkeeper was caught off his line, the coach said on {day}.",
    "Nurses in {city} will go on strike on {day} if the talks about pay lead to nothing.",
    "The film shows a bank robber who is arrested in the last scene and finds peace in prison.",
    "He suffered a heart attack at home and was treated in the clinic of {city}.",
    "Sales exploded in {month} as the {goods} maker launched an attack on its larger rivals.",
    "Crime fell last year: police arrested {number} people in the region, fewer than in any year before.",
    "Her speech was a bombshell, and the shares of the firm were hit hard on {day}.",
    "The anniversary of the {city} bombing, which killed {number} people in the last century, was marked on {day}.",
    "Fire crews held a drill in which volunteers played hostages of a made-up gang.",
    "The striker shot from {number} metres, and the crowd erupted.",
    "The author was attacked by critics for the murder that nobody in the book can solve.",
    "A court in {city} heard on {day} how the men had been detained {number} years ago.",
)

EVENTS = (
    "Police in {city} arrested {number} people on {day} who are suspected of raising money for {group}.",
    "Soldiers seized {number} rifles and a truck near {city} on {day}, the army said.",
    "Warplanes bombed a weapons depot of {group} outside {city} on {day} night, killing {number} fighters.",
    "Gunmen kidnapped {number} aid workers on the road to {city} on {day}, two officials said.",
    "A suicide bomber blew himself up at a checkpoint in {city} on {day}, wounding {number} soldiers.",
    "Fighters of {group} attacked an army post near {city} on {day} and killed {number} soldiers.",
    "Customs officers in {city} seized {number} kilograms of cocaine hidden among {goods} on {day}.",
    "Shells fired from across the border struck {city} on {day} and killed {number} civilians.",
    "Security forces raided a house in {city} at dawn on {day} and detained {number} men with links to {group}.",
    "Thousands of people marched through {city} on {day} to demand the release of {number} activists.",
    "Clashes between {group} and the army near {city} left {number} people dead on {day}.",
    "{group} freed {number} hostages near {city} on {day} after talks with elders, a mediator said.",
)

# The forms in which an event hides: denied, planned, hedged, retold. They cost the most to read.
HARD_EVENTS = (
    "The ministry denied that its aircraft had bombed a market in {city} on {day}, as {group} had claimed.",
    "According to two unnamed officials, {number} men arrested in {city} on {day} may have belonged to {group}.",
    "Neither the army nor {group} would say whether the {number} soldiers seized near {city} on {day} had been freed.",
    "{name}, who was detained {number} years ago and later released, said police had arrested a friend on {day}.",
)

SLOTS = {
    "adj": "old new bright quiet northern green small restored common wooden famous narrow".split(),
    "thing": "theatre|school|factory|market|swimming hall|music school|paper mill|town hall".split("|"),
    "place": "harbour|railway yard|brewery|post office|tannery|mill".split("|"),
    "body": "city council|rowing club|chamber of trade|school board|water authority|parish".split("|"),
    "goods": "olives apples furniture shoes wool cheese glass paper tomatoes bicycles tea".split(),
    "city": "Tangier|Nador|Lyon|Valencia|Mosul|Kirkuk|Gao|Maiduguri|Culiacan|Cali|Aleppo|Mandera|Quetta|Marseille|"
    "Seville|Casablanca|Ouagadougou|Goma|Kabul|Port-au-Prince".split("|"),
    "day": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
    "month": "January February March April May June July September October".split(),
    "number": "two three four six nine 11 14 23 40 57".split(),
    "group": "Islamic State|Boko Haram|al-Shabaab|the Taliban|the Sinaloa cartel|JNIM|the ELN".split("|"),
    "name": "Maria Lindqvist|Tomas Ferrer|Aïcha Benomar|John Okello|Ines Carvalho|Pavel Dvorak|Lena Brandt".split("|"),
}
