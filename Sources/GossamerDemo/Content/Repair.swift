extension Content {
  /// A wiki of people who mend things: guides with code and tables, and cases.
  static func repair() -> SiteScript {
    SiteScript(
      key: "repair", name: "Repair Café Wiki", editor: "Jonas Vetter", published: "2026-04-01",
      footer: "Written at the benches of the Repair Café. Unplug it first.",
      sections: [
        ("/guides/", "Guides", "How to do it, one skill a page."),
        ("/cases/", "Cases", "What came in, what was wrong, and whether it left working."),
      ], pages: PageScript.pages(of: repairText),
      rules: ["Disallow: /edit", "Disallow: /history/"],
      redirects: [
        ("/wiki/Start", "/wiki/Home", 302), ("/wiki/Home", "/about-this-wiki", 301),
        ("/friends/rye", "bread:/recipes/for-our-friends", 302),
      ])
  }

  private static let repairText = """
    == / | Repair Café Wiki | type=WebSite
    On the first Saturday of the month the community hall smells of solder. Bring what is broken, sit down beside somebody who knows, and hold the lamp.
    What we learned is written in [[/guides/|guides]]; what we met is kept as [[/cases/|cases]]. The wiki moved in 2024, so [[/wiki/Start|old links]] go through a door or two.
    Tea comes from volunteers and bread from [[bread:/|the Slow Oven]]. Editing needs an account: [[/edit?page=Home|edit]], [[/history/Home|history]]. Broken on purpose: [[/guides/perpetual-motion|a missing page]].
    == /about-this-wiki | About this wiki | hidden
    The first version of this wiki was a folder with a bent ring. It was written in pencil so that it could be corrected, and by the third year it had been corrected into silk.
    Now anyone with an account may edit, and one person reads every change on Monday mornings with strong coffee.
    == /guides/soldering | Soldering | picture on=2026-04-03
    Heat the joint, not the solder. The iron touches pad and wire together for two seconds, the solder is fed in from the other side, and it flows by itself to where it is hot.
    A good joint is a shiny little volcano. A ball that sits on top is a cold joint, and it will fail on the day of the guarantee.
    | Fault | Looks like | Cure |
    | Cold joint | dull ball | heat again with flux |
    | Bridge | two pads in one blob | braid |
    | Lifted pad | copper in the air | glue, then wire |
    == /guides/resistors | Reading resistors | on=2026-04-05
    Four rings tell a resistor's value: two digits, a multiplier and a tolerance. Start from the end where the rings are closer to the edge.
    $ yellow violet red gold
    $ 4      7      x100 5 %   = 4.7 kOhm
    If colours are scorched, measure a twin on the other channel. Most things made for two ears contain everything twice. This is also how the sky club found the heater for its [[stars:/notes/dew|dew problem]].
    == /guides/multimeter | First steps with a multimeter | on=2026-04-07
    Three positions of the dial answer nine questions of ten: the beep, the ohms and the direct volts. Touch the tips together before each measurement, for most broken meters have a broken cable.
    Never measure resistance in a device that is switched on. The meter sends its own small current and is easily offended by a larger one.
    == /guides/zip | Mending a zip | on=2026-04-09
    The teeth are rarely at fault. A zip that opens behind its slider has a slider that was pulled wide, and a gentle squeeze with pliers on each side closes it by the tenth of a millimetre that is missing.
    Squeeze, try, squeeze again. Too tight cannot be undone, while too wide can be tried all afternoon.
    == /guides/darning | Darning | on=2026-04-11
    A darn is a tiny piece of weaving. Lay threads over the hole in one direction, well into the firm cloth, and then go over and under them in the other.
    Do not pull tight, or the sock will have a knot to walk upon. Wool of another colour is no mistake but a signature.
    == /guides/log-parser | Finding faults in a log file | on=2026-04-14
    A washing machine that talks over a serial port writes a line every second. Nobody reads ten thousand lines, but a short script does.
    $ awk -F, '$3 > 65 { hot++ } END { print hot + 0, "seconds above 65 degrees" }' wash.csv
    $ grep -c 'E18' wash.csv
    Ours showed that the heater worked and that the sensor, which sat in lime, believed otherwise. Vinegar cured it. Note that <b> in a log is text & not markup; escape it before you show it.
    == /guides/glue | Which glue | on=2026-04-16 print
    There are two questions: what are the two materials, and in which direction will they be pulled? Glue resists shear well and peeling badly, so make the joint long rather than thick.
    | Materials | Glue | Wait |
    | wood on wood | white glue, clamped | a night |
    | metal on glass | epoxy, roughened | a day |
    | shoe sole | contact cement, both sides | ten minutes, then hammer |
    [[/guides/glue?print=1|Print this page]]
    == /guides/batteries | Swollen batteries | on=2026-04-18 gzip
    A battery that has become a pillow is finished, and it is dangerous. Do not press it flat, do not charge it, and do not post it.
    Put it into dry sand in a metal tin and bring it to the depot on the same day. We have a tin. We have, since the incident with the tablet, two tins.
    == /guides/screws | Screws that do not want to | on=2026-04-20
    First the right bit: a Japanese cross that is turned with a Phillips bit loses its shape at the first try. Then warmth, then a drop of oil and an hour, then a tap with the hammer while turning.
    If the head is round already, lay a rubber band between bit and screw. It works about every third time and costs nothing.
    == /guides/sewing-tension | Thread tension | on=2026-04-22 charset=iso-8859-1 lang=en by=Zoë_Nuñez
    Zoë Nuñez, who came to us from a façade of sewing machines in Córdoba, explains it so: the upper thread and the lower one are two neighbours with one rope. If one pulls harder, the knot moves into their garden.
    Loops below the cloth mean that the upper thread is too loose. It is always the thread that one does not suspect: très simple, and missed by every naïve beginner.
    == /cases/toaster | The toaster that was too honest | on=2026-05-02
    It came in because it burnt every slice. The thermostat was in order, and so was the timer; the owner had been setting it by the number of slices.
    Time at the bench: four minutes. Parts: none. It left with a label on the dial that says minutes.
    == /cases/radio | A radio from 1956 | on=2026-05-06
    The case is walnut, the loudspeaker paper, and the mains cable was cloth with nothing beneath. We replaced the cable, nine paper capacitors and the lamp, and left the dust on the inside, as it shows where the fingers of earlier menders have been.
    At six in the evening it played a waltz from a station whose name is not on the dial. Three hours, eleven pounds.
    == /cases/lighthouse-clock | Clockwork from a lighthouse | on=2026-05-10
    The museum brought a winding gear that stuck once a turn. One tooth in ninety had been filed by hand, carefully and wrongly, perhaps in the nineteenth century.
    We made no new tooth. A shim of brass behind the pawl lets it pass, and the old mistake stays where it was. See what [[light:/craft/watch|winding]] meant at night.
    == /cases/bicycle | Bicycle, recovered from the river | on=2026-05-14
    It had spent a winter at the bottom near [[river:/stations/town-quay|the quay]]. Bearings full of silt, chain a single piece of rust, the frame straight and its enamel like new.
    Two volunteers, three Saturdays, one chain, forty bearing balls. It now belongs to the volunteer who cuts the reeds, and it still ticks when turning left.
    == /cases/printer | The printer we did not repair | on=2026-05-18
    A chip in the cartridge had decided that it was empty, and a chip in the printer agreed. Both were wrong by eleven millilitres.
    There is a law on this since last year, and there is a form. We filled in the form. The printer is in the cellar, waiting for an answer, next to its two predecessors.
    == /cases/doll | A doll that said only no | on=2026-05-22
    Inside was a record of the size of a coin, a needle and a spring. The needle had worn a way from the last groove to the first, so that the doll began and ended with the same word.
    A turn of the arm by two degrees gave her back her sentence. The girl who owns her is seventy-nine and asked us to keep the no as well, but that was not possible. More about shared friends: [[/friends/rye|bread for the bench]].
    == /cases/failed | What we could not mend in 2025 | orphan on=2026-05-30
    Of four hundred and twelve things, ninety-one went home as they had come. Half of these were glued shut by their makers, a quarter needed a part that is not sold, and the rest beat us fairly.
    We keep this page because a list of successes teaches nobody where to begin.
    """
}
