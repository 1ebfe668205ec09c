import GossamerFrontier

/// Reads the store beside the recorder that writes it, on a thread that may wait for the disk.
actor StoreReader {
  /// Hosts that are read for at once: one short transaction.
  private static let groupSize = 64

  private let store: any FrontierStore
  private let executor = FileExecutor(label: "gossamer.reader")

  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

  init(store: any FrontierStore) {
    self.store = store
  }

  /// Gives hosts what they need from the store, as they ask for it. Ends by cancellation.
  func keepSupplying(_ frontier: Frontier, recorder: Recorder) async throws {
    while let requests = try? await frontier.nextRequests(limit: Self.groupSize) {
      let supplies = try await store.supply(requests, at: .now)
      let receipt = await frontier.take(supplies)
      if !receipt.isEmpty { try await recorder.note(receipt) }
    }
  }

  /// The URL under which a content is stored.
  func url(ofContent digest: [UInt8]) async throws -> String? {
    try await store.url(ofContent: digest)
  }
}
