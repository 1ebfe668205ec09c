#if Network
  import Glibc
  public import GossamerFetch
  import GossamerFlow
  public import GossamerURL
  import NIOCore
  import NIOPosix
  import Synchronization

  /// The resolver of the operating system, asked on threads of its own.
  ///
  /// Answers are kept for a short time; failures are not kept. Questions for one name that come while
  /// it is being asked wait for the same answer. An answer that comes after the deadline is thrown
  /// away, though its thread is only free again when the system gives up.
  ///
  /// Owns resolved addresses: filled by questions, emptied by age.
  public final class SystemResolver: AddressResolver {
    private typealias Answer = Result<[IPAddress], AddressResolutionError>

    private struct Entry {
      var addresses: [IPAddress]
      var expires: ContinuousClock.Instant
    }

    /// The place of a waiter in line, or what it need not wait for.
    private enum Place {
      case first
      case later
      case none(Answer)
    }

    private struct State {
      var entries: [String: Entry] = [:]
      var waiting: [String: [UInt64: CheckedContinuation<Answer, Never>]] = [:]
      var nextWaiter: UInt64 = 0
    }

    private let deadline: Duration
    private let lifetime: Duration
    private let capacity: Int
    private let threads: NIOThreadPool
    private let lookUp: @Sendable (String) -> Result<[IPAddress], AddressResolutionError>
    private let state = Mutex(State())

    /// A resolver with an empty cache.
    ///
    /// - Parameters:
    ///   - deadline: how long one question may take.
    ///   - lifetime: how long an answer is kept, at most 60 s; zero keeps none.
    ///   - threads: how many names are asked for at once.
    public convenience init(
      deadline: Duration = .seconds(15), lifetime: Duration = .seconds(60), threads: Int = 16
    ) {
      self.init(
        deadline: deadline, lifetime: lifetime, threads: threads, capacity: 10_000,
        lookUp: SystemLookup.addresses)
    }

    init(
      deadline: Duration, lifetime: Duration, threads: Int, capacity: Int,
      lookUp: @escaping @Sendable (String) -> Result<[IPAddress], AddressResolutionError>
    ) {
      self.deadline = deadline
      self.lifetime = min(lifetime, .seconds(60))
      self.capacity = capacity
      self.lookUp = lookUp
      self.threads = NIOThreadPool(numberOfThreads: threads)
      self.threads.start()
    }

    deinit { threads.shutdownGracefully { _ in } }

    /// The addresses of the name in the order the system prefers; an address literal is its own.
    public func addresses(of name: String) async throws(AddressResolutionError) -> [IPAddress] {
      if let literal = IPAddress(name) { return [literal] }
      if let kept = kept(name) { return kept }
      let waiter = state.withLock {
        $0.nextWaiter += 1
        return $0.nextWaiter
      }
      let alarm = MultiThreadedEventLoopGroup.singleton.next().scheduleTask(
        in: TimeAmount(deadline)
      ) {
        self.answer(
          waiter, of: name, with: AddressResolutionError(.dnsTimeout, detail: "no answer in time"))
      }
      defer { alarm.cancel() }
      let answer = await withTaskCancellationHandler {
        await withCheckedContinuation { ask(name, for: waiter, $0) }
      } onCancel: {
        self.answer(waiter, of: name, with: AddressResolutionError(.cancelled, detail: "cancelled"))
      }
      return try answer.get()
    }

    private func kept(_ name: String) -> [IPAddress]? {
      let now = ContinuousClock.now
      return state.withLock { state in
        state.entries[name].flatMap { $0.expires > now ? $0.addresses : nil }
      }
    }

    /// Puts the waiter in line; asks the system if it is the first.
    private func ask(
      _ name: String, for waiter: UInt64, _ continuation: CheckedContinuation<Answer, Never>
    ) {
      let place: Place = state.withLock { state in
        // Inside the lock: a cancellation that comes later finds the waiter in line.
        if Task.isCancelled {
          return .none(.failure(AddressResolutionError(.cancelled, detail: "cancelled")))
        }
        // The answer may have come since it was looked for.
        if let entry = state.entries[name], entry.expires > .now {
          return .none(.success(entry.addresses))
        }
        let isFirst = state.waiting[name] == nil
        state.waiting[name, default: [:]][waiter] = continuation
        return isFirst ? .first : .later
      }
      switch place {
      case .none(let answer): return continuation.resume(returning: answer)
      case .later: return
      case .first: break
      }
      threads.submit { [weak self] threadState in
        guard let self, threadState == .active else { return }
        finish(name, with: lookUp(name))
      }
    }

    private func finish(_ name: String, with answer: Answer) {
      let waiters = state.withLock { state in
        if case .success(let addresses) = answer, lifetime > .zero {
          if state.entries.count >= capacity { state.entries.removeAll(keepingCapacity: true) }
          state.entries[name] = Entry(addresses: addresses, expires: .now + lifetime)
        }
        return state.waiting.removeValue(forKey: name) ?? [:]
      }
      for waiter in waiters.values { waiter.resume(returning: answer) }
    }

    /// Answers one waiter early; the question itself goes on.
    private func answer(_ waiter: UInt64, of name: String, with error: AddressResolutionError) {
      let continuation = state.withLock { $0.waiting[name]?.removeValue(forKey: waiter) }
      continuation?.resume(returning: .failure(error))
    }
  }

  /// `getaddrinfo`, in our words. Blocks its thread.
  enum SystemLookup {
    static func addresses(of name: String) -> Result<[IPAddress], AddressResolutionError> {
      var hints = addrinfo()
      hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
      hints.ai_protocol = CInt(IPPROTO_TCP)
      hints.ai_flags = CInt(AI_ADDRCONFIG)
      var list: UnsafeMutablePointer<addrinfo>?
      let code = getaddrinfo(name, nil, &hints, &list)
      defer { if let list { freeaddrinfo(list) } }
      guard code == 0 else { return .failure(explained(error(code), name)) }
      var found: [IPAddress] = []
      var next = list
      while let entry = next {
        if let address = address(entry.pointee), !found.contains(address) { found.append(address) }
        next = entry.pointee.ai_next
      }
      return found.isEmpty
        ? .failure(AddressResolutionError(.dnsNoAddress, detail: "no address")) : .success(found)
    }

    /// The failure by its name, as far as the name server tells more than the system does.
    private static func explained(
      _ failure: AddressResolutionError, _ name: String
    ) -> AddressResolutionError {
      guard failure.kind != .tooManyFiles, let reason = NameServerProbe.failure(of: name) else {
        return failure
      }
      // That nobody answers now says nothing against an answer that the system has had.
      return reason.kind == .dnsTimeout && failure.kind != .dnsFailure ? failure : reason
    }

    private static func address(_ entry: addrinfo) -> IPAddress? {
      guard let raw = UnsafeRawPointer(entry.ai_addr) else { return nil }
      switch entry.ai_family {
      case AF_INET:
        return IPAddress(SocketAddress(raw.loadUnaligned(as: sockaddr_in.self)))
      case AF_INET6:
        return IPAddress(SocketAddress(raw.loadUnaligned(as: sockaddr_in6.self)))
      default: return nil
      }
    }

    private static func error(_ code: CInt) -> AddressResolutionError {
      let detail = String(cString: gai_strerror(code))
      switch code {
      case EAI_NONAME: return AddressResolutionError(.dnsNotFound, detail: detail)
      // No address of this family, and a name that exists without any: GNU extensions.
      case -5, -9: return AddressResolutionError(.dnsNoAddress, detail: detail)
      case EAI_SYSTEM where errno == EMFILE || errno == ENFILE:
        return AddressResolutionError(.tooManyFiles, detail: detail)
      default: return AddressResolutionError(.dnsFailure, detail: detail)
      }
    }
  }
#endif
