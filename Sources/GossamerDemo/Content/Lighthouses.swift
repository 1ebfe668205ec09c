extension Content {
  /// A museum of lighthouse keepers: history, one page a light, and a visitor's part.
  static func lighthouses() -> SiteScript {
    SiteScript(
      key: "light", name: "Keepers' Museum of Lights", editor: "Maren Holt",
      published: "2026-03-14",
      footer: "The museum stands in the oil store of Skerrow Point. Open from April to October.",
      sections: [
        ("/lights/", "The lights", "Eight lights of our coast, each with what its keepers wrote."),
        ("/craft/", "Keepers' work", "What there was to do between dusk and dawn, and after."),
      ], pages: PageScript.pages(of: lighthouseText),
      rules: ["Disallow: /admin/", "Allow: /admin/opening-hours", "Disallow: /search"],
      redirects: [
        ("/go/oil", "/go/oil-store", 302), ("/go/oil-store", "/visit-oil-store", 301),
        ("/index.htm", "/welcome-2026", 301),
      ])
  }

  private static let lighthouseText = """
    == / | Keepers' Museum of Lights | type=WebSite
    For a hundred and sixty years somebody on this coast climbed a stair every evening with a can of oil. The museum keeps what these people left behind: log books, wicks, letters home, a harmonium without bellows.
    Begin with [[/lights/|the lights]] themselves, or with [[/craft/|the work]] that went into keeping them. The [[/go/oil|oil store]] explains the smell in the entrance hall.
    Older visitors may know us under [[/index.htm|our first address]]. The reading room shares its letters with the [[archive:/|town archive]], and the sky above the tower belongs to the [[stars:/|Hilltop Sky Club]].
    Staff only: [[/admin/rota|rota]] and the [[/private/key-cupboard|key cupboard]]. [[/admin/opening-hours|Opening hours]] are for everybody.
    == /admin/opening-hours | Opening hours | hidden
    From April to October the doors open at ten and close at half past four. On Mondays the tower is swept and nobody may go up.
    In winter we open for schools by arrangement. Bring boots: the causeway is wet for two hours on each side of high water.
    == /admin/rota | Rota | forbidden
    Maren takes the till, Ossian the stairs, and the cat the mice.
    == /private/key-cupboard | Key cupboard | hidden
    A page that no crawler may read. If you find this sentence in a corpus, robots.txt was not obeyed.
    == /welcome-2026 | Welcome in the season of 2026 | hidden
    This season the lantern room opens again after two years under scaffolding. The glaziers found eleven panes of the first glazing, greenish and full of seeds, and left them where they were.
    A new ramp leads from the landing to the oil store. It was paid for by the tea room, one scone at a time.
    == /visit-oil-store | The oil store | hidden
    Paraffin came in casks by boat and was pumped up the rock through a lead pipe. The store held nine tons, enough for two winters, because a boat might fail to come for one of them.
    The floor still sweats on warm days. Smoking has been forbidden here since 1874, and the sign that says so is the oldest printed object we own.
    == /lights/skerrow | Skerrow Point | picture on=2026-03-20
    Skerrow Point was lit on the first of December 1861 with four wicks and a fixed white light. Ships complained at once: from the north it could not be told from the window of the inn.
    In 1866 a clockwork was fitted that drew a screen past the lamp every ten seconds. The weight ran down through the middle of the stair, and every keeper had to wind it once in forty minutes, all night long.
    The innkeeper never forgave the Board. His shutters, painted black on the sea side, hang in our second room.
    | Lit | Height | Range | Character |
    | 1861 | 31 m | 17 nm | white flash every 10 s |
    == /lights/tarn-rock | Tarn Rock | on=2026-03-22
    Nobody could live on Tarn Rock, so the keepers were relieved every second Thursday, weather permitting. It did not permit for forty-one days in the winter of 1883.
    The log of that winter grows shorter week by week. On the last Sunday it says only: fog, flour gone, played draughts, lost. [[/craft/relief|The relief]] was the hardest part of the trade, and Tarn Rock is the reason why the boats were changed.
    Seven men asked to be posted here again after their first term. The Board recorded their names with a question mark.
    == /lights/old-maud | Old Maud | on=2026-03-25
    The tower called Old Maud leans by forty centimetres and has done so since its second year. The builders had trusted a layer of clay that shrank in the dry summer of 1870.
    Engineers came every ten years to say that she would fall. The last of them lived to see his own instrument exhibited at her foot. She was taken out of service in 1951 because her harbour had silted up, not because of the lean.
    == /lights/glasswater | Glasswater Inner Light | on=2026-04-01
    This is the smallest light of the coast: an iron column on the quay with a lamp no larger than a bucket. The harbour master's daughters lit it for thirty-four years, and the wages were paid to their father.
    When he died in 1909 the Board discovered that it had never employed anyone else. Agnes Lund, the younger, was appointed on the same day, at half the pay. The correspondence is kept by the [[archive:/letters/agnes-lund|town archive]].
    == /lights/the-brothers | The Brothers | on=2026-04-04
    Two towers stand three hundred metres apart, and a captain who sees one above the other is in the channel. Such a pair is called a leading line, and it works without any clockwork.
    The lower tower once moved. In 1902 the channel had shifted so far that the pair led straight onto the bar, so masons took the lower Brother down, numbered every stone, and put it up again twenty metres to the west in nineteen days.
    == /lights/fennick | Fennick Lightship | on=2026-04-09
    Fennick is no tower but a ship with no engine, chained to the bottom in thirty metres of water. She carried eleven men, three lanterns and a bell that rang with the swell.
    Sleep was the trouble. A man who had served on Fennick for a year woke at home whenever it was quiet. The museum has the bell; please ring it only once.
    == /lights/ness-of-hallow | Ness of Hallow | on=2026-04-12
    Hallow had the first electric lamp of the region, driven by a pair of steam engines that ate a ton of coal a night. In its first month the light was so strong that birds struck the glass by the hundred.
    Keeper Ivo Brandt counted them, species by species, and sent his lists to a professor. From these lists grew the bird observatory that now rents the cottages. The steam engines were scrapped in 1924, but one governor survives as a hat stand.
    == /lights/gull-stack | Gull Stack | on=2026-04-15
    The light on Gull Stack has been without people since the day it was built, in 1934. Gas burns behind a valve that the sun itself closes: a black rod warms, lengthens, and shuts the flame at dawn.
    An inspector lands twice a year to wipe the lens and to argue with the gulls. In ninety years the valve has failed once, during an eclipse, as the [[stars:/notes/eclipse|sky club]] likes to point out.
    == /craft/watch | Standing a watch | on=2026-05-02
    The night was cut into watches of four hours. The man on watch sat below the lamp, in a chair that the regulations required to have no arms, for a chair with arms is a chair to sleep in.
    He trimmed the wicks at ten, at one and at four. Between these hours he wound the clockwork, wrote down the weather, and watched for other lights, since a lamp that had gone out on the far side of the bay was his business too.
    == /craft/log-books | Reading a log book | on=2026-05-06 gzip
    A log book has six columns: date, wind, sea, oil used, glass, remarks. Beginners read the remarks, but the oil tells more. A night that used twice the oil was a night of fear.
    Keepers were fined for erasing. Mistakes had to be crossed out with one line so that the error stayed legible, a rule which the volunteers who type the books today have come to love.
    We have typed 61 of 212 volumes. Help is welcome, and so is anyone who can read the hand of keeper Moss.
    == /craft/relief | The relief | slow on=2026-05-11
    Relief day began with a signal: a black ball hoisted on shore meant that the boat would try. The keepers packed at once, though on four days out of ten the ball came down again by noon.
    Landing was done by rope. A man stood in a loop, someone said the word now, and the winch took him up as the boat fell away beneath. Luggage went first, because a trunk shows how the swell behaves and does not mind being wet.
    This page is slow on purpose; so was the boat.
    == /craft/wives | The other keepers | on=2026-05-15
    On paper a station had two or three keepers. In fact it had six or eight, for wives, sisters and children polished brass, baked, taught and took the watch when a man was ill.
    Elin Moss kept the light at Hallow alone for nine nights in 1899 while her husband lay with a broken leg. The log shows her husband's signature for each of these nights, in a different hand.
    == /craft/tools | Tools of the trade | picture on=2026-05-19
    The wick scissors have a little tray, so that no burnt crumb falls into the oil. The linen apron is not for the keeper's sake: a brass button can scratch a prism that took a month to grind.
    - Rouge and chamois for the lens
    - A brass can with a spout of forty centimetres
    - Spirits of wine, locked up, and a tally of who had the key
    - A speaking tube, mostly used for asking the time
    Several tools were mended again and again; the [[repair:/guides/soldering|repair café]] explains the joints we see on them.
    == /craft/after | After the keepers | orphan on=2026-06-01
    The last keeper of Skerrow left on a Tuesday in 1988 with a cat and a wardrobe. A box of switches took over, and for the first time in its history the tower was dark inside.
    What surprised everybody was the damp. Stoves and people had dried the walls for a century; without them the plaster fell within three winters. It was this plaster, more than any nostalgia, that led to the museum.
    """
}
