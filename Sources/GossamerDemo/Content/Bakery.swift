extension Content {
  /// A bakery's handbook: recipes with numbers, techniques, and a notice board.
  static func bakery() -> SiteScript {
    SiteScript(
      key: "bread", name: "The Slow Oven", editor: "Teodora Pavlik", published: "2026-02-01",
      footer:
        "The Slow Oven, a bakery owned by its bakers. The shop shuts when the shelves are empty.",
      sections: [
        ("/recipes/", "Recipes", "Bread as we make it, with weights for one loaf or one tray."),
        ("/methods/", "Methods", "The parts of the work that are the same for every bread."),
      ], pages: PageScript.pages(of: bakeryText),
      rules: ["Disallow: /orders/", "Disallow: /*.pdf$"],
      redirects: [("/sourdough", "/recipes/from-old-links", 301)])
  }

  private static let bakeryText = """
    == / | The Slow Oven | type=WebSite
    Seven people, one oven, and a handbook that began as a pile of flour-stained cards. We put it on the web because apprentices kept photographing the cards.
    The [[/recipes/|recipes]] tell what and how much; the [[/methods/|methods]] tell why. An old address, [[/sourdough|sourdough]], still leads somewhere useful.
    Our rye grows at three farms along the [[river:/|Arrel]], and the poppy comes from the [[seeds:/|seed library]]. Standing orders are [[/orders/standing|kept private]].
    == /orders/standing | Standing orders | forbidden
    Forty loaves for the school on Tuesdays.
    == /recipes/from-old-links | A sourdough to begin with | hidden on=2026-02-03
    If somebody sent you here to bake your first sourdough, start with wheat and patience. Mix five hundred grams of flour, three hundred and forty of water, a hundred of lively starter and ten of salt.
    Fold it four times in the first two hours and then leave it alone until it has grown by half. Bake it dark. The second loaf will be better, and the seventh will be good.
    == /recipes/river-rye | River rye | picture on=2026-02-08
    River rye is our heaviest loaf and the one that customers carry away in pairs. It is whole rye with a tenth of scalded grain, baked in a tin under a lid.
    | Part | Grams |
    | Whole rye flour | 620 |
    | Water at 38 degrees | 510 |
    | Rye sour | 240 |
    | Salt | 13 |
    The dough looks like wet sand and behaves like it. Do not knead: stir until no dry spot is left, fill the tin two thirds, and bake when cracks open on top. Wait a full day before cutting, or the knife will come out glued.
    == /recipes/market-white | Market white | on=2026-02-10
    A plain white loaf shows every mistake, which is why apprentices bake it for their first three months. The flour is a strong winter wheat, and a fifth of it is fermented overnight with a pinch of yeast.
    The crust should sing when it leaves the oven. If it stays silent the loaf was pulled too early, and the crumb will be damp by evening.
    == /recipes/oat-porridge | Oat porridge loaf | on=2026-02-12
    Cook a hundred grams of oats in three hundred of milk until the spoon stands, and let the porridge cool to blood heat. Folded into a wheat dough it keeps the loaf moist for five days.
    Salt the porridge as well as the dough. Everybody forgets this once, and the bread then tastes of nothing in stripes.
    == /recipes/poppy-plait | Poppy plait | on=2026-02-15
    Six strands, two of them always in the air: the plait takes an afternoon to learn and is never forgotten. We scald the poppy with hot cream so that it swells and does not rob the dough of water.
    The seed is [[seeds:/catalogue/odderby-blue|Odderby Blue]], which we grind between stones on the morning of use. Ground the day before, it turns bitter.
    == /recipes/malt-rolls | Malt rolls | on=2026-02-17
    A spoonful of dark malt turns a dull roll brown and sweet, but two spoonfuls turn it to gum. The enzymes in the malt keep cutting starch while the dough rests, so these rolls are shaped and baked within three hours.
    Makes eighteen. They freeze well if they are frozen within an hour of cooling, and badly afterwards.
    == /recipes/chestnut-wheel | Chestnut wheel | on=2026-02-19
    Chestnut flour has no gluten and tastes of smoke, and a quarter of it is all that a wheat dough can carry. The wheel is shaped as a ring, because a round loaf of this weight never bakes through.
    We make it from October until the flour is gone. In a good year that is the first week of December.
    == /recipes/potato-slab | Potato slab | on=2026-02-21 print
    A tray bread for people who say they cannot bake. Boil four hundred grams of floury potatoes, mash them hot, and stir in the same weight of flour when they are lukewarm.
    There is no shaping: oil your hands, push the dough to the corners of the tray, and make holes with all ten fingers. Coarse salt and rosemary go on before the oven, good oil after it.
    [[/recipes/potato-slab?print=1|Print this page]]
    == /recipes/barley-flat | Barley flat bread | on=2026-02-24
    Barley was what grew on the wind side of the hill, and the flat bread is what came of it. Rolled thin, baked on an iron plate for a minute on each side, hung over a rod to dry.
    Dry it keeps for months. Before the meal it is sprinkled with water and wrapped in a cloth, and after ten minutes it bends again. Keepers took it to the [[light:/lights/tarn-rock|Tarn Rock light]] by the sack.
    == /recipes/seeded-tin | Seeded tin | on=2026-02-26
    Linseed, sunflower, pumpkin and sesame, toasted separately, for each of them burns at its own moment. Soak them in their own weight of hot water, and count this water as part of the dough.
    Unsoaked seeds drink for two days inside the finished loaf, and the crumb crumbles like a path in August.
    == /recipes/honey-cake | Honey cake for the solstice | on=2026-02-28 gzip
    This dough is older than the bakery: honey, rye and potash are mixed in July and rest in a crock until December. Nothing lives in it, since there is too much sugar for anything to live.
    In the week of the solstice we warm the crock by the oven, add spice and a little water, and roll. The cake is hard on the first day and soft on the tenth. Give it the ten days.
    == /recipes/yesterday | Yesterday's bread pudding | once=503 on=2026-03-02
    What is left on the shelf at closing is not waste but an ingredient. Cut it in cubes, dry it well, and pour over a custard of four eggs to a litre of milk.
    Press it down with a plate for an hour so that each cube drinks. Bake slowly until the middle trembles as one piece. The first visitor of the day may find the pudding not ready yet.
    == /recipes/for-our-friends | Bread for the bench | hidden on=2026-03-03
    Once a month we bake for the repair café: a bread that is eaten with one hand while the other holds a screwdriver. No crumbs, no seeds, nothing that could end up in a motor.
    It is a soft wheat roll with a crust of barely a millimetre, filled before baking with onion that has been cooked for an hour. Sixty are enough, or forty-five if the case is easy.
    == /methods/starter | Keeping a starter | on=2026-03-05
    A starter is a herd: feed it on time and it pulls the cart. Ours gets its own weight of flour and water at six in the morning and at four in the afternoon, and lives at twenty-four degrees.
    If it smells of acetone it is hungry; if it smells of cheese it was too warm. Two regular feeds mend almost everything. Throwing it away mends nothing, because the next one will be kept by the same person.
    == /methods/water | Water and flour | on=2026-03-08
    Bakers reckon in parts of flour: a dough of seventy percent has seventy grams of water to a hundred of flour. This lets a recipe for one loaf be turned into a recipe for ninety without a mistake.
    $ water = flour × hydration ÷ 100
    $ 620 g × 82 ÷ 100 = 508 g
    New flour drinks less than stored flour. Keep back a twentieth of the water, and add it only if the dough asks for it. A [[river:/stations/mill-weir|measuring station]] below our mill tells how hard the water is this month.
    == /methods/folding | Folding instead of kneading | on=2026-03-11
    Time does what arms used to do. A wet dough that is folded over itself every thirty minutes grows strong without a machine, since gluten strands find each other when they are left to.
    Wet your hands, take the far edge, stretch until it resists, lay it over. Turn the bowl by a quarter; four times make one fold. Stop when the dough holds its shape for a minute.
    == /methods/steam | Steam | hiddentext on=2026-03-14
    For the first twelve minutes the oven has to be a sauna. Steam keeps the skin of the loaf soft so that it can stretch, and it melts the outer starch which then dries to a shine.
    At home a tray of hot stones and a cup of water will do. Open the door afterwards and let it all out, or the crust turns to leather.
    == /methods/oven | Firing the oven | on=2026-03-17
    The oven holds eleven tons of brick and needs nine hours of beech to become hot. We fire it at six in the evening, rake out at three, sweep with a wet mop, and wait for the heat to settle.
    The first batch gets the fiercest heat and is therefore the flat bread; cakes come last, at noon, when a sheet of paper laid on the floor goes brown in a minute and not before.
    """
}
