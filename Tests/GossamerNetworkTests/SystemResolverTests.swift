#if Network
  import GossamerFetch
  import GossamerFlow
  import GossamerURL
  import Synchronization
  import Testing

  @testable import GossamerNetwork

  @Suite("Resolving names", .timeLimit(.minutes(5)))
  struct SystemResolverTests {
    /// Counts questions and answers them as told.
    final class FakeSystem: Sendable {
      let asked = Mutex(0)
      let gate = Mutex(false)

      var count: Int { asked.withLock { $0 } }
    }

    private func resolver(
      deadline: Duration = .seconds(10), lifetime: Duration = .seconds(60), threads: Int = 4,
      lookUp: @escaping @Sendable (String) -> Result<[IPAddress], AddressResolutionError>
    ) -> SystemResolver {
      SystemResolver(
        deadline: deadline, lifetime: lifetime, threads: threads, capacity: 100, lookUp: lookUp)
    }

    @Test func literalsPassThrough() async throws {
      let resolver = resolver { _ in .failure(AddressResolutionError(.dnsNotFound, detail: "asked"))
      }
      #expect(try await resolver.addresses(of: "127.0.0.1") == [.v4(0x7F00_0001)])
      #expect(try await resolver.addresses(of: "::1") == [.v6(high: 0, low: 1)])
    }

    @Test func theSystemKnowsLocalhost() async throws {
      let found = try await SystemResolver().addresses(of: "localhost")
      #expect(!found.isEmpty && found.allSatisfy(\.isLoopback))
    }

    @Test func anAnswerIsKept() async throws {
      let system = FakeSystem()
      let resolver = resolver { _ in
        system.asked.withLock { $0 += 1 }
        return .success([.v4(1)])
      }
      for _ in 0..<3 { #expect(try await resolver.addresses(of: "a.example") == [.v4(1)]) }
      #expect(system.count == 1)
    }

    @Test func nothingIsKeptWithoutLifetime() async throws {
      let system = FakeSystem()
      let resolver = resolver(lifetime: .zero) { _ in
        system.asked.withLock { $0 += 1 }
        return .success([.v4(1)])
      }
      for _ in 0..<3 { _ = try await resolver.addresses(of: "a.example") }
      #expect(system.count == 3)
    }

    @Test func aFailureIsNotKept() async throws {
      let system = FakeSystem()
      let resolver = resolver { _ in
        let count = system.asked.withLock {
          $0 += 1
          return $0
        }
        return count == 1
          ? .failure(AddressResolutionError(.dnsFailure, detail: "")) : .success([.v4(1)])
      }
      await #expect(throws: AddressResolutionError.self) {
        try await resolver.addresses(of: "a.example")
      }
      #expect(try await resolver.addresses(of: "a.example") == [.v4(1)])
    }

    @Test func oneQuestionServesAllWhoAskMeanwhile() async throws {
      let system = FakeSystem()
      let resolver = resolver { _ in
        system.asked.withLock { $0 += 1 }
        while !system.gate.withLock({ $0 }) {}
        return .success([.v4(1)])
      }
      try await withThrowingTaskGroup(of: [IPAddress].self) { group in
        for _ in 0..<10 { group.addTask { try await resolver.addresses(of: "a.example") } }
        while system.count == 0 { await Task.yield() }
        system.gate.withLock { $0 = true }
        for try await found in group { #expect(found == [.v4(1)]) }
      }
      #expect(system.count == 1)
    }

    @Test func theDeadlineAndCancellationEndTheWait() async throws {
      let system = FakeSystem()
      let slow = resolver(deadline: .milliseconds(100)) { _ in
        while !system.gate.withLock({ $0 }) {}
        return .success([.v4(1)])
      }
      do {
        _ = try await slow.addresses(of: "slow.example")
        Issue.record("answered")
      } catch {
        #expect(error.kind == .dnsTimeout && error.isTransient)
      }
      let patient = resolver { _ in
        while !system.gate.withLock({ $0 }) {}
        return .success([.v4(1)])
      }
      let task = Task { try await patient.addresses(of: "slow.example") }
      task.cancel()
      do {
        _ = try await task.value
        Issue.record("answered")
      } catch let error as AddressResolutionError {
        #expect(error.kind == .cancelled)
      }
      system.gate.withLock { $0 = true }
    }
  }
#endif
