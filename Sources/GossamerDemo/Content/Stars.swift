extension Content {
  /// A club of star gazers: a catalogue made of facts, notes, and an endless calendar.
  static func stars() -> SiteScript {
    SiteScript(
      key: "stars", name: "Hilltop Sky Club", editor: "Ansel Roth", published: "2026-01-10",
      footer: "Hilltop Sky Club. Red torches only, please, and shut the gate because of the goats.",
      sections: [
        ("/objects/", "Objects", "What to look at, in the order in which beginners find it."),
        ("/notes/", "Notes", "From the observing book that hangs at the dome door."),
      ], pages: PageScript.pages(of: starText) + objects(), rules: ["Disallow: /webcam/"])
  }

  private static func objects() -> [PageScript] {
    let facts:
      [(slug: String, name: String, size: String, tool: String, text: String, hint: String)] = [
        (
          "orion-nebula", "The Orion nebula", "65 arc minutes", "binoculars",
          "Below the three stars of the belt hangs a smudge that does not come into focus, since it is a cloud. Four young stars light it from within, and children see green in it more often than adults do.",
          "Look a little to the side: the edge of the eye is better in the dark than its middle."
        ),
        (
          "double-cluster", "The double cluster", "two times 30 arc minutes", "binoculars",
          "Two heaps of stars lie side by side on the way from Cassiopeia to Perseus. They were born together some fourteen million years ago, which for stars is last week.",
          "Lie down. A neck that hurts sees nothing."
        ),
        (
          "saturn", "Saturn", "18 arc seconds", "a telescope at sixty times",
          "Every guest says the same thing at the eyepiece: it looks like a sticker. The ring was nearly edge on in 2025 and now opens again from year to year.",
          "Wait for the seconds in which the air stands still, and do not touch the tube."
        ),
        (
          "andromeda", "The Andromeda galaxy", "3 degrees", "the bare eye",
          "The oval glow beside the crooked row of stars is the most distant thing that people see without glass. Its light set out when our ancestors were making the first stone tools.",
          "City dwellers need binoculars; at the dome the eye is enough on any moonless night."
        ),
        (
          "albireo", "Albireo", "34 arc seconds apart", "a small telescope",
          "The head of the swan is a pair: one star is amber, the other blue like a gas flame. Whether they circle each other is still argued about, and the measurements contradict themselves.",
          "Defocus slightly and the colours become stronger."
        ),
        (
          "mizar", "Mizar and Alcor", "12 arc minutes", "the bare eye",
          "The middle star of the plough's handle has a companion, said to have been an eye test for archers. A telescope splits the brighter one again, and a spectrograph shows that each part is double too.",
          "Six suns in one dot: take your time to explain it."
        ),
        (
          "moon-terminator", "The edge of the Moon's day", "31 arc minutes", "anything",
          "Full Moon is the worst time to look at the Moon, for there are no shadows. Along the border of light and dark, mountains throw shadows of a hundred kilometres, and they move while one watches.",
          "Come in the week after new Moon, and look at the inside of the crescent."
        ),
        (
          "ring-nebula", "The ring nebula", "1.4 arc minutes", "a telescope at a hundred times",
          "A dying star blew a smoke ring between the two lower stars of the lyre. Photographs show colours; at the eyepiece it is a grey Cheerio, and nobody is disappointed.",
          "Find it at low power as a star that is too thick."
        ),
        (
          "pleiades", "The Pleiades", "110 arc minutes", "the bare eye",
          "How many do you see? Six is normal, nine is good, and the club's record of fourteen was set by a baker who does not look at screens.",
          "Count first, read afterwards: expectation adds stars."
        ),
      ]
    return facts.enumerated().map { index, fact in
      let seen = "Members have logged it \(17 + index * 29) times since the book was begun."
      return PageScript(
        path: "/objects/\(fact.slug)", title: fact.name,
        blocks: index % 2 == 0
          ? [fact.text, "Size in the sky: \(fact.size). You need \(fact.tool). \(seen)", fact.hint]
          : [fact.text, fact.hint, "| Size | Needed |", "| \(fact.size) | \(fact.tool) |", seen])
    }
  }

  private static let starText = """
    == / | Hilltop Sky Club | type=WebSite
    We are sixty people with cold feet. Every clear Friday the dome above the goat meadow is opened, and whoever comes may look.
    Choose an [[/objects/|object]], read the [[/notes/|notes]], or see [[/calendar|what is on this month]]. The [[/webcam/now|webcam]] is for people only, the [[/private/keys|key list]] for members only.
    Darkness is kept by agreement with the [[light:/|museum]], whose lamp has had a shade on the land side since 2018.
    == /private/keys | Key list | hidden
    A page that no crawler may read.
    == /webcam/now | Webcam | forbidden
    Clouds.
    == /notes/first-night | Your first night | on=2026-01-12
    Come half an hour before dark, because setting up by torchlight annoys those who already see. Wear twice as much as you think; standing still is colder than walking by ten degrees.
    You need no telescope. Four of ours are idle on most nights, and their owners like nothing better than to be asked.
    == /notes/eclipse | The eclipse of August 2026 | on=2026-08-14 picture
    On the twelfth of August the Moon covered nine tenths of the Sun over the meadow. At the deepest point the light turned metallic, shadows grew a second edge, and the goats lay down.
    The automatic lamp on [[light:/lights/gull-stack|Gull Stack]] switched itself on for six minutes. Two members had travelled to where the eclipse was total and are still unable to describe it.
    == /notes/collimation | Straightening a mirror | on=2026-02-02
    A reflecting telescope goes out of line on every car trip. Put a dot of paper on the middle of the mirror, look through a cap with a hole, and turn the three screws until dot and hole agree.
    Beginners turn all three screws and end where they began. Turn one, look, and write down which way it went.
    == /notes/dew | War on dew | on=2026-02-20
    Glass that faces the open sky becomes colder than the air and collects dew like a meadow. A tube of cardboard as long as twice the opening wins half an hour.
    The rest is won by warmth: a string of resistors around the rim, driven by an old battery. The circuit was designed with the [[repair:/guides/resistors|repair café]] and cost less than the cake.
    == /notes/light-count | Counting stars for the map | on=2026-03-03 slow
    Each March we count the stars inside the square of Pegasus, or of the lion's trapeze, from forty places in the valley. The map of these counts shows the greenhouses more clearly than any photograph.
    Since the football club turned its lamps down by eleven, the middle of the valley has gained two stars. It is the only trophy that the club has ever shared.
    == /notes/meteor-log | The Perseid log | on=2026-08-13 gzip
    Eleven observers, six hours, four hundred and two meteors. The hour after two was the richest, as it should be, for then our side of the Earth faces forward.
    One fireball left a trail that was visible for nine minutes and was bent by winds ninety kilometres up. It was seen from the lighthouse as well, so that its height could be computed on a napkin.
    == /notes/variable | A star that breathes | on=2026-04-18
    Mira in the whale is invisible for most of the year and then, within weeks, brighter than its neighbours. Members compare it with stars of known brightness and send the estimate to a world-wide list.
    The list goes back four centuries. Nobody is paid, and no telescope in orbit could have done it, since none has been in orbit for long enough.
    == /notes/goats | Concerning the goats | on=2026-05-05 nofollow
    The goats were here first. They eat star charts, cable ties and, once, a logbook of double stars from which only the summer is left.
    Complaints may be left [[/notes/complaints|in this box]], which robots need not open.
    == /notes/complaints | Complaints box | nofollowed
    The box is empty, because a goat ate what was in it.
    == /notes/members-only-minutes | Minutes of the general meeting | noindex
    Present were nineteen members and one goat. The minutes are public, but the board asks search engines not to keep them.
    == /notes/red-torches | Why red torches | orphan on=2026-05-09
    The cells in the eye that see in the dark are blind to deep red. A white lamp of one second costs them twenty minutes, a red one costs almost nothing.
    Paint over a cheap torch with two coats of nail varnish. It must be so dim that one can just read the page it lies on.
    """
}
