import ArgumentParser
import GossamerCrawl

/// The options of `gossamer crawl`, each of which can also stand in a job file or in the
/// environment; nil means that it was not given here.
struct CrawlOptions: ParsableArguments {
  @Option(name: [.short, .long], help: "The output directory. A crawl that stopped goes on there.")
  var output: String?

  @Option(name: .long, help: "A YAML file with settings by the names of these options.")
  var job: String?

  // How much
  @Option(name: .long, help: "Stop after this many stored pages.")
  var maxPages: Int?
  @Option(name: .long, help: "Link hops from a seed; a seed is 0.")
  var maxDepth: Int?
  @Option(name: .long, help: "Stop after this many bytes of bodies, as 500M.")
  var maxBytes: ByteCountValue?
  @Option(name: .long, help: "Stop after this time, as 30m.")
  var maxTime: DurationValue?
  @Option(name: .long, help: "Pages of one host.")
  var perHostPages: Int?

  // Where
  @Option(name: .long, help: "How far links may lead: host, domain, prefix, any (default: host).")
  var scope: CrawlScope.Mode?
  @Option(name: .long, help: "Only URLs in which this regular expression matches (repeatable).")
  var include: [String] = []
  @Option(name: .long, help: "No URLs in which this regular expression matches (repeatable).")
  var exclude: [String] = []
  @Option(
    name: .long,
    help:
      "A file of SURT prefixes, one a line: what they cover is inside, or outside with - before."
  )
  var surtFile: String?
  @Option(
    name: .long,
    help: "Words in rel that do not stop a link: nofollow, ugc, sponsored (default: the last two).")
  var followRel: QualifiersValue?

  @Option(
    name: .long,
    help:
      "How endless sites are cut: learn (from what they send), limits (fixed ones), off (default: learn)."
  )
  var traps: TrapChoice?

  // How fast
  @Option(name: .long, help: "Requests in flight over all hosts (default: 64).")
  var concurrency: Int?
  @Option(name: .long, help: "Least seconds between two requests to one host (default: 1).")
  var delay: DurationValue?
  @Option(name: .long, help: "Requests in flight to one host (default: 1).")
  var perHost: Int?
  @Option(name: .long, help: "Least seconds between two requests to one address (default: delay).")
  var perIpDelay: DurationValue?
  @Option(
    name: .long, help: "Longest Crawl-delay obeyed; above it the host is left out (default: 60).")
  var maxCrawlDelay: DurationValue?

  @Option(
    name: .long, help: "Memory for the frontier and its caches, as 512M (default: 512M).")
  var memory: ByteCountValue?
  @Option(
    name: .long,
    help: "Longest time that robots.txt is kept before it is asked for again (default: 24h).")
  var robotsRefresh: DurationValue?

  // Who
  @Option(
    name: .long, help: "An address or mail where you can be reached; sent with every request.")
  var contact: String?
  @Option(name: .long, help: "The name to look for in robots.txt (default: Gossamer).")
  var userAgentToken: String?
  @Option(name: .long, help: "obey or ignore; ignore only with --i-own-these-hosts.")
  var robots: RobotsChoice?
  @Option(
    name: .long,
    help: "Ask each origin once for /.well-known/tdmrep.json, after robots.txt (default: yes).")
  var tdmrep: YesNo?
  @Option(name: .long, help: "A file of host names, one a line, whose owner you are.")
  var iOwnTheseHosts: String?

  // Fetching
  @Option(name: .long, help: "Longest time for one page (default: 120).")
  var timeout: DurationValue?
  @Option(name: .long, help: "Longest time for a connection (default: 10).")
  var connectTimeout: DurationValue?
  @Option(name: .long, help: "Bytes of one decoded body (default: 32M).")
  var maxBody: ByteCountValue?
  @Option(name: .long, help: "Redirects of one URL (default: 10).")
  var maxRedirects: Int?
  @Option(name: .long, help: "Further tries after a passing failure (default: 3).")
  var retries: Int?
  @Option(
    name: .long,
    help: "Wait before the first further try; later ones wait six times longer each (default: 10).")
  var retryDelay: DurationValue?
  @Option(name: .long, help: "A field sent with every request, as 'Name: value' (repeatable).")
  var header: [String] = []
  @Option(name: .long, help: "1 or auto (default: auto).")
  var httpVersion: HTTPVersionChoice?
  @Option(
    name: .long, help: "A PEM file of certificate authorities to trust beside the system's.")
  var caFile: String?
  @Flag(name: .long, help: "Also connect to private addresses.")
  var allowPrivateAddresses = false
  @Option(name: .long, help: "yes, no, only (default: yes).")
  var sitemaps: CrawlSettings.Sitemaps?

  // What comes out
  @Option(name: .long, help: "File families: jsonl, warc (default: jsonl,warc).")
  var formats: FormatsValue?
  @Option(name: .long, help: "Bytes of one WARC file (default: 1G).")
  var warcSize: ByteCountValue?
  @Option(name: .long, help: "main, all, none (default: main).")
  var extract: CrawlSettings.Extraction?
  @Option(
    name: .long,
    help: """
      Summarize pages: extractive (no model, when nothing is named), openai, openai-responses, \
      anthropic, gemini or ollama.
      """)
  var summarize: SummaryProvider?
  @Option(
    name: .long,
    help: "Embed pages passage by passage once the crawl is done: openai, gemini or ollama.")
  var embed: EmbeddingProvider?
  @Option(
    name: .long, help: "The model for --embed (default: --model, where it does not summarize).")
  var embedModel: String?
  @Option(name: .long, help: "The server for --embed (default: --llm-url).")
  var embedUrl: String?
  @OptionGroup var summaries: SummaryOptions
  @OptionGroup var models: ModelOptions
}
