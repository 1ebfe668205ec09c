// swift-tools-version: 6.2
import PackageDescription

/// What every target of ours is built with. See README, "Architecture".
let settings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
  .treatAllWarnings(as: .error),
]

/// A room: a library target named `Gossamer` + its name, and what it may import.
func room(
  _ name: String, uses rooms: [String] = [], packages: [Target.Dependency] = [],
  excluding: [String] = [], resources: [Resource]? = nil
) -> Target {
  .target(
    name: "Gossamer" + name,
    dependencies: rooms.map { .init(stringLiteral: roomName($0)) } + packages,
    exclude: excluding, resources: resources, swiftSettings: settings)
}

/// The tests of a room, with what they use beside it.
func tests(
  of name: String, uses rooms: [String] = [], packages: [Target.Dependency] = []
) -> Target {
  .testTarget(
    name: "Gossamer\(name)Tests",
    dependencies: ["GossamerTestKit"]
      + ([name] + rooms).map { .init(stringLiteral: roomName($0)) } + packages,
    swiftSettings: settings)
}

/// C rooms bear their own names; ours get the prefix.
func roomName(_ name: String) -> String {
  name.hasPrefix("C") && name.dropFirst().first?.isUppercase == true && name != "CLI"
    ? name : "Gossamer" + name
}

let network: TargetDependencyCondition? = .when(traits: ["Network"])
let deques = Target.Dependency.product(name: "DequeModule", package: "swift-collections")
let heap = Target.Dependency.product(name: "HeapModule", package: "swift-collections")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let nio: [Target.Dependency] = [
  .product(name: "NIOCore", package: "swift-nio", condition: network),
  .product(name: "NIOPosix", package: "swift-nio", condition: network),
  .product(name: "NIOHTTP1", package: "swift-nio", condition: network),
]

let package = Package(
  name: "gossamer",
  products: [
    .library(name: "Gossamer", targets: ["Gossamer"]),
    .executable(name: "gossamer", targets: ["GossamerCLI"]),
    .executable(name: "gossamer-bench", targets: ["GossamerBench"]),
  ]
    + [
      "URL", "Bytes", "Flow", "Robots", "Markup", "Extract", "Archive", "HTTP", "Fetch", "Frontier",
      "Corpus", "LLM", "Enrich", "Agents", "Crawl", "Report",
    ].map { .library(name: "Gossamer" + $0, targets: ["Gossamer" + $0]) },
  traits: [
    .default(enabledTraits: ["Network"]),
    .trait(
      name: "Network", description: "Everything that opens a socket: fetching and the demo site"),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
  ],
  targets: [
    // C doors
    .systemLibrary(name: "CMalloc"),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(
      name: "CDeflate", pkgConfig: "libdeflate", providers: [.apt(["libdeflate-dev"])]),
    .systemLibrary(
      name: "CBrotli", pkgConfig: "libbrotlidec", providers: [.apt(["libbrotli-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLibXML2", pkgConfig: "libxml-2.0", providers: [.apt(["libxml2-dev"])]),

    // Ground: imports nothing of ours
    room("URL", excluding: ["Tables/generate_public_suffixes.py", "Tables/generate_idna.py"]),
    room("Bytes", uses: ["CMalloc", "CZlib", "CDeflate", "CBrotli", "CZstd", "CCrypto"]),
    room("Flow", packages: [deques, heap]),

    // Grammar
    room("HTTP", uses: ["URL", "Flow"]),
    room("Robots"),
    room(
      "Markup", uses: ["URL", "CLibXML2"],
      excluding: [
        "Tables/generate_encodings.py", "Tables/generate_letter_pairs.py",
        "Tables/generate_character_references.py",
      ]),
    room(
      "Extract", uses: ["URL", "Markup"],
      excluding: ["Training", "Tables/generate_language_grams.py"]),
    room("Archive", uses: ["Bytes"]),

    // Policy
    room("Fetch", uses: ["URL", "Bytes", "Flow", "HTTP"]),
    room("Frontier", uses: ["URL", "Bytes", "Flow", "Robots"], packages: [deques, heap]),
    room("Corpus", uses: ["URL", "Bytes", "Flow", "Archive"]),
    room("LLM", uses: ["URL", "Bytes", "Flow", "HTTP"]),

    // Use
    room(
      "Crawl",
      uses: [
        "URL", "Bytes", "Flow", "HTTP", "Robots", "Markup", "Extract", "Archive", "Fetch",
        "Frontier", "Corpus",
      ], packages: [logging]),
    room("Enrich", uses: ["Bytes", "Flow", "Corpus", "LLM"]),
    room("Agents", uses: ["URL", "Bytes", "Flow", "Corpus", "LLM"]),
    room("Report", uses: ["Flow", "Corpus"]),

    // Doors
    room(
      "Network", uses: ["URL", "Flow", "HTTP", "Fetch"],
      packages: nio + [
        .product(name: "NIOTLS", package: "swift-nio", condition: network),
        .product(name: "NIOSSL", package: "swift-nio-ssl", condition: network),
        .product(name: "NIOHTTP2", package: "swift-nio-http2", condition: network),
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: network),
      ]),
    room(
      "SQLite", uses: ["URL", "Bytes", "Flow", "Frontier", "Corpus"],
      packages: [
        .product(name: "GRDB", package: "GRDB.swift"),
        .product(name: "GRDBSQLite", package: "GRDB.swift"),
      ]),
    room("Demo", uses: ["Bytes"], packages: nio, excluding: ["Scripts"]),

    // Roof
    .target(
      name: "Gossamer",
      dependencies: [
        "GossamerURL", "GossamerFlow", "GossamerRobots", "GossamerMarkup", "GossamerExtract",
        "GossamerArchive",
        "GossamerHTTP", "GossamerFetch", "GossamerFrontier", "GossamerCorpus", "GossamerCrawl",
        "GossamerNetwork", "GossamerSQLite", "GossamerLLM", "GossamerEnrich", "GossamerAgents",
        "GossamerReport",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "GossamerCLI",
      dependencies: [
        "Gossamer", "GossamerBytes", "GossamerFlow", "GossamerDemo",
        .product(name: "ArgumentParser", package: "swift-argument-parser"), logging, "Yams",
      ],
      swiftSettings: settings),
    .executableTarget(
      name: "GossamerBench",
      dependencies: [
        "Gossamer", "GossamerBytes", "GossamerExtract", "GossamerFlow", "GossamerMarkup",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "AsyncHTTPClient", package: "async-http-client", condition: network),
      ] + nio,
      exclude: ["Scripts"], swiftSettings: settings),

    // Tests
    .target(name: "GossamerTestKit", path: "Tests/GossamerTestKit", swiftSettings: settings),
    tests(of: "URL"),
    tests(of: "Bytes"),
    tests(of: "Flow"),
    tests(of: "HTTP"),
    tests(of: "Robots"),
    tests(of: "Markup", uses: ["URL", "Bytes"]),
    tests(of: "Extract", uses: ["URL", "Markup"]),
    tests(of: "Archive", uses: ["Bytes"]),
    tests(of: "Fetch", uses: ["URL", "Bytes", "Flow", "HTTP"]),
    tests(of: "Frontier", uses: ["URL", "Flow", "Robots"]),
    tests(
      of: "SQLite", uses: ["URL", "Bytes", "Flow", "Frontier", "Corpus"],
      packages: [.product(name: "GRDB", package: "GRDB.swift")]),
    tests(of: "Corpus", uses: ["Bytes", "Flow", "Archive"]),
    tests(of: "LLM", uses: ["URL", "Bytes", "Flow", "HTTP"]),
    tests(of: "Enrich", uses: ["LLM", "Flow", "HTTP", "Corpus"]),
    tests(of: "Agents", uses: ["URL", "Flow", "HTTP", "Corpus", "LLM"]),
    tests(
      of: "Crawl",
      uses: [
        "URL", "Bytes", "Flow", "HTTP", "Markup", "Fetch", "Frontier", "Corpus", "SQLite",
      ]),
    tests(of: "Report"),
    tests(of: "Network", uses: ["URL", "Flow", "HTTP", "Fetch"], packages: nio),
    tests(of: "Demo", packages: nio),
    .testTarget(
      name: "GossamerEndToEndTests",
      dependencies: [
        "GossamerCLI", "GossamerTestKit", "GossamerDemo", "GossamerArchive", "GossamerBytes",
        "GossamerURL",
      ] + nio,
      exclude: ["Hostile/play.py", "MCP/client.py"], swiftSettings: settings),
  ]
)

// libFuzzer has its own main and wants its own flags, so this product is there on demand only: see
// `make fuzz`.
if Context.environment["GOSSAMER_FUZZ"] != nil {
  package.products.append(.executable(name: "gossamer-fuzz", targets: ["GossamerFuzz"]))
  package.targets.append(
    .executableTarget(
      name: "GossamerFuzz",
      dependencies: [
        "GossamerURL", "GossamerBytes", "GossamerRobots", "GossamerHTTP", "GossamerMarkup",
        "GossamerArchive",
      ],
      exclude: ["Scripts"], swiftSettings: settings))
}
