extension Content {
  /// A library that lends seeds: a catalogue of facts, and advice.
  static func seeds() -> SiteScript {
    SiteScript(
      key: "seeds", name: "Seed Library of Odderby", editor: "Ruta Lindqvist",
      published: "2026-01-20",
      footer: "Borrow seed in spring, bring back seed in autumn. There are no fines, only hope.",
      sections: [
        ("/catalogue/", "Catalogue", "What can be borrowed this year."),
        (
          "/advice/", "Advice", "How to grow for seed, which is not the same as to grow for supper."
        ),
      ], pages: PageScript.pages(of: seedText) + varieties(),
      rules: ["Disallow: /basket", "Disallow: /catalogue/?sort="])
  }

  private static func varieties() -> [PageScript] {
    varietyFacts.split(separator: "\n").enumerated().map { index, line in
      let parts = line.split(separator: "|").map { String($0.trimmed) }
      precondition(parts.count == 7, "seven facts a variety")
      return page(index, parts)
    }
  }

  private static func page(_ index: Int, _ facts: [String]) -> PageScript {
    let (slug, name, latin, sow, days, story, advice) =
      (facts[0], facts[1], facts[2], facts[3], facts[4], facts[5], facts[6])
    let pace = [
      "From sowing to the first picking you wait \(days) days.",
      "Count on \(days) days before anything reaches the kitchen.",
      "It is ready after \(days) days, or a week later on clay.",
      "Ours took \(days) days last year, measured by an impatient class of nine-year-olds.",
    ][index % 4]
    var page = PageScript(
      path: "/catalogue/\(slug)", title: name,
      blocks: [
        story, "\(advice) \(pace)", "| Species | Sow in | Loan |",
        "| \(latin) | \(sow) | \([12, 20, 8, 30, 15][index % 5]) seeds |",
        "[[/basket?add=\(slug)|Put into the basket]]",
      ])
    page.values["type"] = "Product"
    return page
  }

  private static let varietyFacts = """
    odderby-blue | Odderby Blue poppy | Papaver somniferum | March | 110 | The bakers' poppy: slate blue seed in a capsule that does not open, so that nothing is lost in the wind. It came with a miller from the east in 1790 and has never left the valley. | Thin it to a hand's breadth, for crowded plants give seed like dust.
    widow-black | Widow's Black bean | Phaseolus vulgaris | May | 95 | A climbing bean with flowers like bruises and seeds like polished coal. A widow paid her rent in it for thirty years, and the landlord's ledger survives. | Soak it no longer than a night; it drowns.
    tin-roof | Tin Roof lettuce | Lactuca sativa | April | 55 | Named for the noise of hail on the roof under which it was found, standing, when every other lettuce in the village lay flat. The leaves are thick and a little bitter at noon. | Sow a few every fortnight instead of all at once.
    sunday-carrot | Sunday carrot | Daucus carota | April | 120 | Short, blunt and sweet, it was bred to fit the pot of a parsonage. It is the only carrot that grows in our gravel without becoming a mandrake. | Cover the row with a board until the seed comes up, and look under it daily.
    lantern | Lantern squash | Cucurbita maxima | May | 130 | The skin shines orange through the leaves in October like a lamp behind a curtain. Keepers took it to sea because it lasts until March without a cellar. | Give it the compost heap and stand back.
    goat-kale | Goat's Despair kale | Brassica oleracea | June | 90 | So tough that the goats of the sky club left it standing, which is how it was noticed. Frost turns it tender, and the third frost turns it sweet. | Pick from below and let the crown stand through winter.
    first-letter | First Letter tomato | Solanum lycopersicum | March, indoors | 75 | Ripe in the second week of July, early enough to be sent in the first letter of the holidays. Small, red, sour, and gone by August. | Do not pinch it out: it is a bush and knows what it wants.
    old-moon | Old Moon melon | Cucumis melo | April, indoors | 100 | Pale and cratered, with green flesh that smells of pear. In our climate it ripens in two summers of five, and people try it in all five. | Set a roof tile beneath each fruit so that it lies warm and dry.
    rope-onion | Rope onion | Allium cepa | March | 150 | Flat bulbs with long necks, made to be plaited. A plait of forty hangs in the museum's kitchen and is replaced every autumn, the only exhibit that may be eaten. | Stop watering when the first neck falls over.
    quiet-pea | Quiet pea | Pisum sativum | March | 70 | The pods do not crack when they are dry, so that the harvest can wait for a free evening. A shepherd selected it because the noise of other peas woke his dog. | Twigs of hazel are support enough.
    nine-rows | Nine Rows maize | Zea mays | May | 105 | A flint maize for polenta, with cobs of eight rows in spite of its name. It was counted once, in poor light, by the man who wrote the label. | Plant it in a block and never in a single line: wind has to find the neighbour.
    ferry-radish | Ferryman's radish | Raphanus sativus | August | 60 | A black winter radish of the weight of a shoe. The ferryman grated it with honey against his cough, and outlived three doctors. | Sow late; in June it flowers before it thinks of roots.
    silver-sage | Silver sage | Salvia officinalis | April | 365 | Leaves like felt and a smell of stoves. All plants in the valley are grandchildren of one bush behind the station, planted by a booking clerk with a bad throat. | Cut it back by a third each spring, never into old wood.
    """

  private static let seedText = """
    == / | Seed Library of Odderby | type=WebSite
    A drawer for every plant, a card for every drawer. Take what you can grow, grow what you can, and bring back more than you took.
    Look into the [[/catalogue/|catalogue]] or ask for [[/advice/|advice]]. Sorted lists are [[/catalogue/?sort=name|not for robots]], and neither is [[/basket|the basket]] or [[/private/donors|the donors' list]].
    The cards are kept warm and dry in the cellar of the [[archive:/|archive]], and bread is baked with [[bread:/recipes/poppy-plait|our poppy]].
    == /private/donors | Donors | hidden
    A page that no crawler may read.
    == /advice/isolation | Keeping varieties apart | on=2026-02-05
    A squash is not particular about its father, and neither are the bees. If two kinds flower within half a mile the seed will be a surprise, usually a hard one.
    Tie the flower shut in the evening, open it in the morning, brush it with pollen of a brother, and tie it again. It looks odd and takes two minutes.
    == /advice/drying | Drying | on=2026-02-07
    Seed is dry when it breaks instead of bending. Paper bags let it breathe; plastic lets it rot with a clear conscience.
    Rice that was baked in the oven for an hour drinks the last moisture out of a jar. Ten degrees less and five percent drier each double a seed's life.
    == /advice/germination | Testing old seed | on=2026-02-09 gzip
    Roll twenty seeds in wet paper, put the roll upright into a glass, and wait for the time that is written on the card. Fifteen sprouts mean that the packet is good, ten that you should sow double.
    Write the number on the packet, or you will make the same test next year. Onion is old after two years, tomato after eight, and a melon from a tomb is a story for newspapers.
    == /advice/names | On names | on=2026-02-11 once=503
    Half of the names in our drawers are lies told with love. The Egyptian wheat is from a brewery and the thousand-year bean from a parcel of 1931.
    We keep the name under which a seed was given, add what can be proved, and do not correct grandmothers.
    == /advice/rye-note | Заметка о ржи | charset=windows-1251 lang=ru on=2026-02-13
    Рожь прислала нам библиотека семян из далёкого города на севере. В письме сказано, что её сеют в последнюю неделю августа, когда роса держится до полудня.
    Зерно мелкое и тёмное, солома длинная, и хлеб из неё пахнет мёдом. Мы посеяли две грядки: одну по письму, другую по привычке, и письмо оказалось право.
    == /advice/tea-note | 茶の種について | charset=shift_jis lang=ja on=2026-02-15
    この種は山の上の小さな畑から届きました。手紙には、秋に集めて、砂の中で冬を越すと書いてありました。
    春になると白い根が出ます。最初の三年は葉を摘まないでください。四年目の五月、朝早くに若い葉を二枚だけ摘みます。
    == /advice/vine-note | Σημείωμα για το αμπέλι | charset=utf-16le lang=el on=2026-02-17
    Το κλήμα ήρθε από ένα νησί χωρίς ποτάμια. Ο γέρος που το έστειλε έγραψε ότι δεν θέλει νερό, θέλει πέτρες και υπομονή.
    Το φυτέψαμε στον νότιο τοίχο του αρχείου. Τον πρώτο χρόνο δεν έκανε τίποτα, τον δεύτερο έκανε σκιά, και τον τρίτο τρία τσαμπιά.
    == /advice/returning | Bringing seed back | orphan on=2026-02-19
    We ask for three times what you took, and for the truth. If slugs had everything, say so on the card; a drawer of failures is the best teacher we have.
    Clean seed if you can, uncleaned if you must. Write the place and the year, and add one sentence on the weather.
    """
}
