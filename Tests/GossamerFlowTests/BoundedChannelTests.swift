import Testing

@testable import GossamerFlow

@Suite("Bounded channel", .timeLimit(.minutes(5)))
struct BoundedChannelTests {
  @Test(arguments: [(1, 1, 1), (4, 4, 1), (8, 3, 16), (1, 8, 3)])
  func everythingSentIsReceivedOnce(senders: Int, receivers: Int, capacity: Int) async throws {
    let channel = BoundedChannel<Int>(capacity: capacity)
    let received = Locked<[Int]>([])
    try await withThrowingTaskGroup { group in
      for _ in 0..<receivers {
        group.addTask {
          while let element = try await channel.next() {
            received.withLock { $0.append(element) }
            #expect(channel.count <= capacity)
          }
        }
      }
      try await withThrowingTaskGroup { sending in
        for sender in 0..<senders {
          sending.addTask {
            for number in 0..<500 { try await channel.send(sender * 500 + number) }
          }
        }
        try await sending.waitForAll()
      }
      channel.finish()
      try await group.waitForAll()
    }
    #expect(received.withLock { $0.sorted() } == Array(0..<senders * 500))
  }

  @Test func orderIsKeptBetweenOneSenderAndOneReceiver() async throws {
    let channel = BoundedChannel<Int>(capacity: 3)
    async let sent: Void = {
      for number in 0..<1_000 { try await channel.send(number) }
      channel.finish()
    }()
    var got: [Int] = []
    while let number = try await channel.next() { got.append(number) }
    try await sent
    #expect(got == Array(0..<1_000))
  }

  @Test func aSenderWaitsWhileTheChannelIsFull() async throws {
    let channel = BoundedChannel<Int>(capacity: 1)
    try await channel.send(1)
    let passed = Locked(false)
    let sender = Task {
      try await channel.send(2)
      passed.withLock { $0 = true }
    }
    for _ in 0..<100 { await Task.yield() }
    #expect(passed.withLock { $0 } == false)
    #expect(try await channel.next() == 1)
    try await sender.value
    #expect(try await channel.next() == 2)
  }

  @Test func weightCountsBytesAndAHeavyElementPassesAlone() async throws {
    let channel = BoundedChannel<[UInt8]>(capacity: 10) { $0.count }
    try await channel.send([UInt8](repeating: 0, count: 50))
    let sender = Task { try await channel.send([1]) }
    for _ in 0..<50 { await Task.yield() }
    #expect(channel.count == 1)
    #expect(try await channel.next()?.count == 50)
    try await sender.value
    #expect(try await channel.next()?.count == 1)
  }

  @Test func cancelledWaitersLeaveAndNothingIsLost() async throws {
    let channel = BoundedChannel<Int>(capacity: 2)
    let sent = Locked<Set<Int>>([])
    let received = Locked<Set<Int>>([])
    var random = SeededGenerator(seed: 3)
    let senders = (0..<400).map { number in
      Task {
        do {
          try await channel.send(number)
          sent.withLock { _ = $0.insert(number) }
        } catch { #expect(error as? ChannelError == .cancelled) }
      }
    }
    let receivers = (0..<400).map { _ in
      Task {
        if let element = try? await channel.next() {
          received.withLock { #expect($0.insert(element).inserted) }
        }
      }
    }
    for task in senders where Bool.random(using: &random) { task.cancel() }
    for task in receivers where Bool.random(using: &random) { task.cancel() }
    let drain = Task {
      while let element = try await channel.next() {
        received.withLock { #expect($0.insert(element).inserted) }
      }
    }
    for task in senders { await task.value }
    channel.finish()
    for task in receivers { await task.value }
    try await drain.value
    #expect(sent.withLock { $0 } == received.withLock { $0 })
  }

  @Test func aFinishedChannelTakesNothingButGivesTheRest() async throws {
    let channel = BoundedChannel<Int>(capacity: 2)
    try await channel.send(1)
    channel.finish()
    await #expect(throws: ChannelError.finished) { try await channel.send(2) }
    #expect(try await channel.next() == 1)
    #expect(try await channel.next() == nil)
  }

  @Test func finishWakesThoseWhoWait() async throws {
    let channel = BoundedChannel<Int>(capacity: 1)
    let waiting = (0..<5).map { _ in Task { try await channel.next() } }
    for _ in 0..<50 { await Task.yield() }
    channel.finish()
    for task in waiting { #expect(try await task.value == nil) }
  }
}
