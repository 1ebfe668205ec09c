import Foundation
import Gossamer
import GossamerBytes

/// Everything a crawl needs, put together from options, environment and job file, and checked
/// before anything is written.
struct CrawlPlan {
  var layout: CorpusLayout
  var seeds = SeedList()
  var scope: CrawlScope
  var settings: CrawlSettings
  var policy = PolitenessPolicy()
  var budget = CrawlBudget()
  var traps = TrapLimits()
  var concurrency: Int
  var memory: FrontierMemory
  var addresses: AddressPolicy
  var limits: FetchLimits
  var transport: TransportPlan
  var summaries: ModelPlan?
  /// The model that embeds the pages once the crawl is done.
  var embeddings: ModelPlan?
  var summaryPlan: SummaryPlan
  var entries: [SettingsResolver.Entry]

  /// How the network is to be used; a value, so that a plan can be made without opening anything.
  struct TransportPlan {
    var connectTimeout: Duration
    var onlyHTTP1: Bool
    var perAddress: Int
    var trustRootsFile: String?
  }

  /// - Throws: `CommandFailure` for anything that is not as it must be.
  init(_ options: CrawlOptions, seeds arguments: [String]) throws {
    var resolver = try SettingsResolver(jobPath: options.job)
    guard let output = try resolver.value(options.output, "output") else {
      throw CommandFailure(.usage, "no output directory: name one with -o DIR")
    }
    layout = CorpusLayout(root: output)
    seeds = try SeedReader.read(arguments.isEmpty ? resolver.seeds : arguments)
    settings = try Self.settings(options, &resolver, seeds)
    policy = try Self.policy(options, &resolver)
    settings.robotsRedirectGap = policy.delay
    budget = try Self.budget(options, &resolver)
    traps = try resolver.value(options.traps, "traps", default: TrapChoice.learn).limits
    let mode = try resolver.value(options.scope, "scope", default: CrawlScope.Mode.host)
    let include = resolver.values(options.include, "include")
    let exclude = resolver.values(options.exclude, "exclude")
    let prefixes = try Self.prefixes(options, &resolver)
    do {
      scope = try CrawlScope(
        mode: mode, seeds: seeds, include: include, exclude: exclude, surts: prefixes?.list)
    } catch {
      throw CommandFailure(.usage, error.description)
    }
    concurrency = try Self.atLeastOne(
      resolver.value(options.concurrency, "concurrency", default: 64), "concurrency")
    memory = FrontierMemory(
      bytes: try resolver.value(
        options.memory, "memory", default: ByteCountValue(bytes: FrontierMemory().bytes)
      ).bytes)
    let allowsPrivate = try resolver.flag(options.allowPrivateAddresses, "allow-private-addresses")
    addresses = AddressPolicy(allowsPrivate: allowsPrivate, seeds: seeds.seeds.map(\.url.url))
    limits = try Self.limits(options, &resolver)
    transport = TransportPlan(
      connectTimeout: limits.times.connect,
      onlyHTTP1: try resolver.value(options.httpVersion, "http-version", default: .auto) == .one,
      perAddress: max(256, policy.perAddress),
      trustRootsFile: try Self.trustRoots(options, &resolver))
    let summarizer = try resolver.value(options.summarize, "summarize")
    summaries = try ModelPlan(summarizer, options.models, &resolver)
    embeddings = try Self.embeddings(options, &resolver, beside: summaries)
    summaryPlan = try SummaryPlan(options.summaries, &resolver)
    settings.summariesAtOnce = summaries?.concurrency ?? 1
    try resolver.refuseUnknownKeys()
    entries = resolver.entries
    settings.described = Self.described(resolver.entries)
    settings.identity = [
      "seeds": seeds.seeds.map(\.url.string).joined(separator: " "), "scope": mode.rawValue,
      "include": include.joined(separator: " "), "exclude": exclude.joined(separator: " "),
      "formats": settings.formats.map(\.rawValue).sorted().joined(separator: ","),
    ]
    if let prefixes {
      settings.identity["surt-file"] = Digest.sha256(of: Array(prefixes.text.utf8)).hex
    }
  }

  private static func settings(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver, _ seeds: SeedList
  ) throws -> CrawlSettings {
    let token = try resolver.value(options.userAgentToken, "user-agent-token", default: "Gossamer")
    guard !token.isEmpty, token.utf8.allSatisfy({ isTokenByte($0) }) else {
      throw CommandFailure(
        .usage, "'\(token)' is no user agent token: use letters, '_' and '-' only")
    }
    let contact = try contact(resolver.value(options.contact, "contact"), seeds)
    var settings = CrawlSettings(
      userAgent: "\(token)/\(Version.current)" + (contact.map { " (+\($0))" } ?? ""))
    settings.token = token
    settings.version = Version.current
    settings.obeysRobots = try obeysRobots(options, &resolver, seeds)
    settings.readsReservations = try resolver.value(options.tdmrep, "tdmrep", default: .yes) == .yes
    settings.maximumRedirects = try resolver.value(
      options.maxRedirects, "max-redirects", default: 10)
    settings.headers = try resolver.values(options.header, "header").map(header)
    settings.followedQualifiers = try resolver.value(
      options.followRel, "follow-rel",
      default: QualifiersValue(qualifiers: settings.followedQualifiers)
    ).qualifiers
    settings.sitemaps = try resolver.value(options.sitemaps, "sitemaps", default: .yes)
    settings.formats = try resolver.value(
      options.formats, "formats", default: FormatsValue(formats: settings.formats)
    ).formats
    settings.warcSizeInBytes = max(
      1 << 20,
      try resolver.value(
        options.warcSize, "warc-size", default: ByteCountValue(bytes: settings.warcSizeInBytes)
      ).bytes)
    settings.extraction = try resolver.value(options.extract, "extract", default: .main)
    return settings
  }

  /// The model of the vectors. It shares limits and budget with the one that summarizes.
  private static func embeddings(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver, beside summaries: ModelPlan?
  ) throws -> ModelPlan? {
    let model = try resolver.value(options.embedModel, "embed-model")
    let url = try resolver.value(options.embedUrl, "embed-url")
    guard let chosen = try resolver.value(options.embed, "embed"),
      let provider = SummaryProvider(rawValue: chosen.rawValue)
    else { return nil }
    var models = options.models
    models.llmUrl = url ?? models.llmUrl
    // A copy, since these settings are noted already.
    var settled = resolver
    guard var plan = try summaries ?? ModelPlan(provider, models, &settled) else { return nil }
    let isShared = summaries != nil && summaries?.provider != .extractive
    plan.provider = provider
    plan.model = model ?? (isShared ? nil : plan.model)
    plan.url = url ?? plan.url
    return plan
  }

  private static func prefixes(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver
  ) throws -> (list: SURTPrefixes, text: String)? {
    guard let file = try resolver.value(options.surtFile, "surt-file") else { return nil }
    let text = try SeedReader.text(of: file)
    do {
      return (try SURTPrefixes(parsing: text), text)
    } catch {
      throw CommandFailure(.usage, error.description(at: "\(file):\(error.line)"))
    }
  }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    byte == 0x5F || byte == 0x2D || (byte | 0x20) &- 0x61 < 26
  }

  /// Off loopback nobody may be left in the dark about who is asking.
  private static func contact(_ contact: String?, _ seeds: SeedList) throws -> String? {
    let isLocal = seeds.seeds.allSatisfy { seed in
      seed.url.url.host?.ipAddress?.isLoopback ?? (seed.url.url.hostname == "localhost")
    }
    guard let contact, !contact.isEmpty else {
      guard isLocal else {
        throw CommandFailure(
          .usage,
          "no contact: give an address or mail with --contact, so that sites can reach you")
      }
      return nil
    }
    let isMail = contact.contains("@")
    guard contact.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x28 && $0 != 0x29 }),
      isMail || WebURL(contact)?.isHTTP == true
    else {
      throw CommandFailure(
        .usage,
        "'\(contact)' is no contact: give a web address, as https://example.org/bot, or a mail address"
      )
    }
    return contact
  }

  /// robots.txt may be left unread only on hosts that the user says to own.
  private static func obeysRobots(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver, _ seeds: SeedList
  ) throws -> Bool {
    let choice = try resolver.value(options.robots, "robots", default: RobotsChoice.obey)
    let file = try resolver.value(options.iOwnTheseHosts, "i-own-these-hosts")
    guard choice == .ignore else { return true }
    guard let file else {
      throw CommandFailure(
        .usage, "--robots ignore needs --i-own-these-hosts FILE: list there the hosts you own")
    }
    let text = try SeedReader.text(of: file)
    let owned = Set(
      text.split(whereSeparator: \.isWhitespace).map { String($0).lowercased() })
    guard let foreign = seeds.seeds.first(where: { !owned.contains($0.url.hostKey) }) else {
      return false
    }
    throw CommandFailure(
      .usage,
      "'\(foreign.url.hostKey)' is not listed as yours (\(file)): add it, or obey robots.txt")
  }

  private static func header(_ text: String) throws -> (name: String, value: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let name = parts[0].trimmingCharacters(in: .whitespaces)
    let value = parts.count > 1 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
    let isName = !name.isEmpty && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x3A }
    guard parts.count == 2, isName, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else {
      throw CommandFailure(.usage, "'\(text)' is no header: write it as 'Name: value'")
    }
    return (name, value)
  }

  private static func policy(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver
  ) throws -> PolitenessPolicy {
    var policy = PolitenessPolicy()
    policy.delay = try span(options.delay, "delay", policy.delay, &resolver)
    policy.perHost = try atLeastOne(
      resolver.value(options.perHost, "per-host", default: 1), "per-host")
    policy.perAddress = policy.perHost
    policy.perAddressDelay = try span(options.perIpDelay, "per-ip-delay", policy.delay, &resolver)
    policy.maximumCrawlDelay = try span(
      options.maxCrawlDelay, "max-crawl-delay", policy.maximumCrawlDelay, &resolver)
    policy.robotsLifetime = min(
      policy.robotsLifetime,
      try span(options.robotsRefresh, "robots-refresh", policy.robotsLifetime, &resolver))
    policy.retries = try resolver.value(options.retries, "retries", default: policy.retries)
    policy.retryDelay = try span(options.retryDelay, "retry-delay", policy.retryDelay, &resolver)
    policy.backoff = min(policy.backoff, max(policy.retryDelay, .milliseconds(100)))
    return policy
  }

  private static func span(
    _ option: DurationValue?, _ name: String, _ fallback: Duration,
    _ resolver: inout SettingsResolver
  ) throws -> Duration {
    let fallback = DurationValue(seconds: fallback / .seconds(1))
    return try resolver.value(option, name, default: fallback).duration
  }

  private static func budget(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver
  ) throws -> CrawlBudget {
    var budget = CrawlBudget()
    budget.pages = try resolver.value(options.maxPages, "max-pages")
    budget.depth = try resolver.value(options.maxDepth, "max-depth")
    budget.bytes = try resolver.value(options.maxBytes, "max-bytes")?.bytes
    budget.time = try resolver.value(options.maxTime, "max-time")?.duration
    budget.pagesPerHost = try resolver.value(options.perHostPages, "per-host-pages")
    for (name, value) in [
      ("max-pages", budget.pages), ("max-depth", budget.depth),
      ("per-host-pages", budget.pagesPerHost),
    ] where (value ?? 0) < 0 {
      throw CommandFailure(.usage, "'\(value ?? 0)' is no value for '\(name)': give 0 or more")
    }
    return budget
  }

  private static func limits(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver
  ) throws -> FetchLimits {
    var limits = FetchLimits()
    let whole = try span(options.timeout, "timeout", limits.times.whole, &resolver)
    limits.times.whole = whole
    limits.times.firstByte = min(limits.times.firstByte, whole)
    limits.times.silence = min(limits.times.silence, whole)
    limits.times.connect = try span(
      options.connectTimeout, "connect-timeout", limits.times.connect, &resolver)
    limits.decodedBytes = try resolver.value(
      options.maxBody, "max-body", default: ByteCountValue(bytes: limits.decodedBytes)
    ).bytes
    limits.wireBytes = min(limits.wireBytes, limits.decodedBytes)
    return limits
  }

  /// A file that cannot be read would let every https page fail.
  private static func trustRoots(
    _ options: CrawlOptions, _ resolver: inout SettingsResolver
  ) throws -> String? {
    guard let file = try resolver.value(options.caFile, "ca-file") else { return nil }
    guard try SeedReader.text(of: file).contains("BEGIN CERTIFICATE") else {
      throw CommandFailure(
        .usage, "no certificates in \(file): give a PEM file with --ca-file")
    }
    return file
  }

  static func atLeastOne(_ value: Int, _ name: String) throws -> Int {
    guard value >= 1 else {
      throw CommandFailure(.usage, "'\(value)' is no value for '\(name)': give 1 or more")
    }
    return value
  }

  private static func described(_ entries: [SettingsResolver.Entry]) -> [String: String] {
    Dictionary(
      entries.map { ($0.name, $0.name == "header" ? headerNames($0.value) : $0.value) },
      uniquingKeysWith: { $1 })
  }

  /// Headers may carry credentials: only their names are told.
  private static func headerNames(_ value: String) -> String {
    value.split(separator: " ").filter { $0.hasSuffix(":") }.joined(separator: " ")
  }
}
