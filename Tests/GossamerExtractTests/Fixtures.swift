/// Pages made for the tests.
enum Fixtures {
  static func prose(_ paragraphs: Int) -> String {
    (1...paragraphs).map {
      """
      <p>In the winter of year \($0) the keeper of the lighthouse, who had not been ashore for
      months, wrote that the sea was calm, that the lamp burned well, and that he was out of tea.</p>
      """
    }.joined(separator: "\n")
  }

  static let articleSentences = [
    "The lighthouse at Cape Morrow was lit for the last time on Thursday",
    "Three generations of one family kept the lamp",
    "visitors will be able to climb its 212 steps",
  ]

  static let article = """
    <html lang="en"><head><title>The last night of the lighthouse - Coast Times</title>
    <meta property="og:title" content="The last night of the lighthouse">
    <meta property="og:type" content="article"></head><body>
    <header class="site-header"><a href="/">Coast Times</a><nav class="main-nav"><ul>
    <li><a href="/news">News</a></li><li><a href="/sports">Sports</a></li>
    <li><a href="/weather">Weather</a></li></ul></nav></header>
    <main><article class="post"><h1>The last night of the lighthouse</h1>
    <div class="entry-content">
    <p>The lighthouse at Cape Morrow was lit for the last time on Thursday, after one hundred and
    forty years in which, the harbor office says, not one night was missed. A crowd of some two
    hundred people stood on the rocks and watched, most of them in silence.</p>
    <p>Three generations of one family kept the lamp, and the youngest of them, now retired, was
    asked to turn the switch. He said afterwards that it had felt like any other evening, only
    shorter, and that he would miss the noise of the wind in the gallery more than the light.</p>
    <h2>What the keepers remember</h2>
    <p>The logbooks, which fill a shelf in the small museum by the pier, tell of storms, of ships
    that came too close, and of a goat that lived in the engine room for a whole winter.</p>
    <p>From next spring on, when the tower has been repaired, visitors will be able to climb its 212
    steps, and the old lens, which is as tall as a man, will be shown on the ground floor.</p>
    \(prose(3))
    </div></article>
    <section id="comments" class="comments-area"><h3>2 comments</h3><ol class="comment-list">
    <li class="comment"><p>First! Great read, thank you.</p></li>
    <li class="comment"><p>I was there, it was cold.</p></li></ol></section></main>
    <aside class="sidebar related-posts"><h3>Related</h3><ul>
    <li><a href="/beaches">Ten hidden beaches you must see this summer</a></li>
    <li><a href="/boats">How to choose your first boat</a></li></ul></aside>
    <div class="newsletter-signup"><p>Subscribe to our newsletter</p></div>
    <footer class="site-footer"><a href="/privacy">Privacy policy</a> <a href="/imprint">Imprint</a>
    <p>© 2024 Coast Times. All rights reserved.</p></footer></body></html>
    """

  static let listing = """
    <html><head><title>Lamps - Shop</title></head><body>
    <nav class="menu"><a href="/a">Chairs</a> <a href="/b">Tables</a></nav>
    <main class="collection"><h1>Lamps</h1><div class="product-grid">
    """
    + (1...20).map {
      """
      <div class="product-card"><a href="/lamp-\($0)"><h3>Brass desk lamp number \($0)</h3></a>
      <span class="price">$\($0 * 10).00</span>
      <p>A sturdy lamp for desks of any size.</p></div>
      """
    }.joined() + """
      </div></main><footer class="footer"><a href="/imprint">Imprint</a></footer></body></html>
      """

  static let forum = """
    <html><head><title>Which valve for an old pump? - Pump Forum</title></head><body>
    <div class="navbar"><a href="/">Index</a> <a href="/faq">FAQ</a></div><h1>Which valve?</h1>
    <div class="topic">
    """
    + (1...5).map {
      """
      <div class="post" id="p\($0)"><div class="postbody"><div class="content">
      I had the same trouble with my pump last year and replaced valve number \($0) in the end, which
      was not cheap, but it has been running without a leak since then, even in hard frost.
      </div></div></div>
      """
    }.joined() + "</div><div class=\"footer\">Powered by a forum</div></body></html>"
}
