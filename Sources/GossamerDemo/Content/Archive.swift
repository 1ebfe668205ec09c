extension Content {
  /// A town's archive: letters and records, some of them under two addresses.
  static func archive() -> SiteScript {
    SiteScript(
      key: "archive", name: "Odderby Town Archive", editor: "Philippa Crane",
      published: "2026-06-01",
      footer: "Odderby Town Archive. Pencils only. The reading room is heated on Wednesdays.",
      sections: [
        ("/letters/", "Letters", "Sent, received, and in four cases never opened."),
        ("/records/", "Records", "What the town wrote down about itself."),
        ("/people/", "People", "Short lives of people who left long traces."),
      ], pages: PageScript.pages(of: archiveText), rules: ["Disallow: /reading-room/"],
      redirects: [("/catalogue.cgi", "/how-we-catalogue", 301)])
  }

  private static let archiveText = """
    == / | Odderby Town Archive | type=WebSite twin=/index.html
    Two hundred and ten metres of shelf, a cellar that has been flooded twice, and an index on cards that nobody dares to retire. You are on [[/index.html|the front page]].
    Read [[/letters/|letters]], [[/records/|records]] or [[/people/|lives]]. The [[/catalogue.cgi|old catalogue]] has moved, and [[/records/lost-fire-book|one volume is lost]]. [[/reading-room/seats|Seats]] are given by telephone, and the [[/private/closed-files|closed files]] stay closed.
    We lend shelves to the [[seeds:/|seed library]] and borrow ladders from the [[repair:/|repair café]].
    == /private/closed-files | Closed files | hidden
    A page that no crawler may read.
    == /reading-room/seats | Seats | forbidden
    Six chairs, one of them good.
    == /how-we-catalogue | How we catalogue | hidden
    Every sheet has a number in pencil at the lower left. The number tells shelf, box and place, and it was never changed, even when all three were.
    A second list translates old places into new ones. It is the most valuable thing in the house, and it is kept, against all advice, in the coat of the archivist.
    == /letters/agnes-lund | Agnes Lund to the Board of Lights, 1909 | on=2026-06-03
    Gentlemen, you write that the light at Glasswater has been well kept for thirty-four years and that you regret my father's death. I kept it. My sister kept it before me, and our father kept the accounts.
    I ask to be paid what he was paid. I do not ask for the years behind us, for I have seen your budget. The answer, on half a sheet, offered half. She accepted, and wrote the date of each payment into the [[light:/lights/glasswater|log book]] in red.
    == /letters/flood-1887 | A letter after the flood of 1887 | twin=/records/flood-1887
    Dear brother, the water came at two in the night without any noise, and this was the dreadful part of it. I put my foot out of bed and it was wet to the knee.
    We sat on the roof of the forge until noon with the smith's hens. The river has left a fish in the pulpit and a pulpit in the field. We are well; send shoes.
    == /letters/unopened | The four unopened letters | picture on=2026-06-07
    They lay behind a panel in the post office, stamped in 1913, and were found when the wall was moved. The addressees are dead, and so is the law that would tell us who may open them.
    Held against the light one can read a word or two: Thursday, without fail, and what may be a drawing of a dog. The committee votes every year, and every year it votes for not opening.
    == /letters/schoolmaster | The schoolmaster's complaint | on=2026-06-09
    In eleven pages the master asks the council for a stove. He proves with a table that ink froze on thirty-one mornings and that the children who sat by the window had the worst hands in writing.
    The council granted him a second inkwell. His reply has not been kept, but the draft of it has, and it is the reason why we show it only to adults.
    == /letters/emigrant | Letters from an emigrant | on=2026-06-11 once=429
    Piet Aldous left in 1881 and wrote home each Christmas for forty years. At first he describes everything; later he asks about everything; in the last letters he describes the village to his sister who still lived in it.
    He had it wrong by then: the lime trees were gone. She never told him.
    == /letters/baker | A recipe sent by post | on=2026-06-13 gzip
    On the back of an invoice for coal a woman named Hedda writes down honey cake for a niece. Weights are given in eggs and spoons, time in rosaries.
    The bakers of [[bread:/recipes/honey-cake|the Slow Oven]] tried it. One rosary, they found, is eighteen minutes, and her eggs were smaller than ours.
    == /records/council-1848 | Minutes of the council, 1848 | on=2026-06-16
    Revolution reached Odderby on a market day, and the council met about the price of the stalls. Item three asks whether to hang a flag, and which. It was decided to hang the washing of the inn, which had all colours.
    Item seven abolishes the fine for whistling. It is still in force.
    == /records/wells | The register of wells | on=2026-06-18
    Sixty-two wells are listed with depth, owner and taste. The clerk who drank from each of them distinguishes sweet, stony, of iron and of cow.
    When typhoid came in 1866 a doctor laid the register over the list of the dead and had nine wells closed. Nobody in this archive is prouder of any book.
    == /records/weights | The town's weights | on=2026-06-20
    A pound of Odderby was heavier than a pound elsewhere by the weight of a walnut. Strangers thought it generous, and it was: the founder had made a mistake in the mould.
    The bronze pound is kept under glass. In 1872, when kilograms came, the market women held a funeral for it, with music.
    == /records/fire-watch | Fire watch | on=2026-06-22 hiddentext
    Each house owed the town two nights a year on the tower. The watchman called the hours so that people could hear he was awake, and there is a long file about those who slept in their beds and complained about his voice.
    In ninety years the tower announced eleven fires. It also announced one rising Moon, which is entered with the name of the man and the word young.
    == /records/census-table | A street in the census of 1871 | on=2026-06-24
    Mill Lane had nine houses and fifty-eight people. More than half of them were younger than fifteen, and a third gave wool as their trade, two of them at the age of eight.
    | House | People | Trade of the head |
    | 1 | 7 | carder |
    | 2 | 4 | widow, takes lodgers |
    | 3 | 9 | ferryman |
    | 5 | 11 | weaver |
    | 8 | 6 | none given |
    The house without a trade belonged to a poet, says the margin, in another ink.
    == /records/old-maps | Three old maps | slow on=2026-06-26
    The map of 1702 shows the river where it is not, the map of 1790 shows it where the landlord wished it, and the map of 1851 is right. Lay them over each other and you see a lawsuit.
    Prints may be ordered. They take a while, and so does this page.
    == /people/crane | Philippa Crane the elder | on=2026-07-01
    She began as the cleaner of the archive and read what she dusted. After six years she pointed out to the mayor that two boxes had been exchanged, and after seven she was the archivist.
    Her granddaughter, who has the same name and the same coat, edits these pages.
    == /people/brandt | Ivo Brandt, who counted birds | on=2026-07-03
    Keeper at Hallow from 1889 to 1921, he picked up nine thousand and forty birds below the lamp and wrote down each. He never owned a gun and refused to be called a naturalist.
    His lists fill seven boxes. The last entry is a wren, in December, alive, let go from the gallery. His post is described by the [[light:/lights/ness-of-hallow|museum]].
    == /people/hob | Hob of the spring | on=2026-07-05
    Nobody knows whether Hob lived. He is named in a tax roll of 1340 as owing one eel, and in a song as having paid it.
    The spring of the Arrel is called after him, or he after it. See [[river:/stations/spring|what the river watch measures there]].
    == /people/midwife | Orla Finn, midwife | on=2026-07-07
    Her notebook lists two thousand three hundred and eleven births with hour, weather and payment: eggs, mostly, and once a promise, which is ticked as received nineteen years later.
    She signs with a drawing of scissors. Three of the people who restored the notebook are in it.
    == /people/photographer | The travelling photographer | orphan on=2026-07-09
    He came each May with a cart and a painted lake. On his pictures the whole town stands in front of the same water, stiff for eight seconds, and only the dogs are blurred.
    We have four hundred plates and no idea of his name. On one of them his shadow lies across the grass, with a hat.
    """
}
