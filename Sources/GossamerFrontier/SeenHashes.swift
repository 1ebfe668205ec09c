/// What was seen — URLs, contents, refusals — by hashes, within a bound of memory.
///
/// Exact until the bound is reached: eight bytes each, at most four in five places used. Beyond it
/// the older half is forgotten as a whole, and what is asked for again moves to the younger one:
/// "seen" stays true for certain, while "not seen" then needs the store's word. Two URLs of one
/// crawl share a hash with a chance of 3 in a million at 10⁷ URLs; the second would not be visited.
public struct SeenHashes: Sendable {
  /// Whether nothing was forgotten: what is not here was then never seen.
  public private(set) var isComplete = true
  private var young = HashTable(slotCount: 1_024)
  private var old: HashTable?
  private let slotLimit: Int

  /// An empty memory.
  ///
  /// - Parameter limitInBytes: for both halves together; the least is 16 KiB.
  public init(limitInBytes: Int) {
    slotLimit = max(1_024, limitInBytes / 2 / MemoryLayout<UInt64>.stride)
  }

  /// Makes room for so many hashes at once, as far as the bound lets it.
  public mutating func reserve(_ count: Int) {
    young.grow(to: min(slotLimit, count / 4 * 5 + 1_024))
  }

  /// How many can be here while nothing is forgotten.
  public var capacity: Int { slotLimit / 5 * 4 * 2 }

  /// A digest as a hash: its first eight bytes.
  public static func hash(ofDigest digest: [UInt8]) -> UInt64 {
    digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Hashes that are here, some perhaps in both halves.
  public var count: Int { young.count + (old?.count ?? 0) }

  /// Whether the hash is here. Once halves are forgotten, one of the older becomes young again.
  public mutating func contains(_ hash: UInt64) -> Bool {
    if young.contains(hash) { return true }
    guard let old, old.contains(hash) else { return false }
    if !isComplete { insert(hash) }
    return true
  }

  /// Adds a hash.
  public mutating func insert(_ hash: UInt64) {
    if young.isFull {
      if young.slotCount < slotLimit {
        young.grow(to: min(slotLimit, young.slotCount * 2))
      } else {
        if old != nil { isComplete = false }
        old = young
        young = HashTable(slotCount: 1_024)
      }
    }
    young.insert(hash)
  }

  /// The word that something may be missing, as after a restart that read nothing.
  public mutating func becomeIncomplete() { isComplete = false }
}

/// A set of hashes in one array, with linear probing. Zero marks an empty place; the hash zero is
/// kept as one.
private struct HashTable: Sendable {
  private var slots: [UInt64]
  private(set) var count = 0

  init(slotCount: Int) {
    slots = Array(repeating: 0, count: slotCount)
  }

  var slotCount: Int { slots.count }
  var isFull: Bool { count >= slots.count / 5 * 4 }

  func contains(_ hash: UInt64) -> Bool { slots[place(of: max(hash, 1))] != 0 }

  mutating func insert(_ hash: UInt64) {
    let hash = max(hash, 1)
    let place = place(of: hash)
    guard slots[place] == 0 else { return }
    slots[place] = hash
    count += 1
  }

  mutating func grow(to slotCount: Int) {
    guard slotCount > slots.count else { return }
    var larger = HashTable(slotCount: slotCount)
    for hash in slots where hash != 0 { larger.insert(hash) }
    self = larger
  }

  /// Where the hash is, or the empty place where it would be. Hashes are spread evenly, so their
  /// upper bits say where to begin, whatever the number of places.
  private func place(of hash: UInt64) -> Int {
    var place = Int(hash.multipliedFullWidth(by: UInt64(slots.count)).high)
    while slots[place] != 0, slots[place] != hash {
      place += 1
      if place == slots.count { place = 0 }
    }
    return place
  }
}
