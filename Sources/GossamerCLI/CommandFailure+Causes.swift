import GossamerFlow
import Gossamer

extension CommandFailure {
  /// What a failure of the rooms below means for the exit code.
  init(_ error: any Error) {
    switch error {
    case let failure as CommandFailure: self = failure
    case let error as StoreError where error.kind == .storeMissing:
      self.init(.usage, error.description)
    case let error as StoreError:
      self.init(error.kind == .storeLocked ? .directory : .partly, error.description)
    case let error as FrontierStoreError:
      guard error.kind != .storeMissing else {
        self.init(.usage, error.description)
        return
      }
      let isForeign = [.storeLocked, .otherCrawl, .storeVersion].contains(error.kind)
      self.init(isForeign ? .directory : .partly, error.description)
    case let error as CorpusSearchError:
      self.init(error.kind == "search.io" ? .partly : .usage, error.description)
    case let error as ModelError: self.init(.usage, error.description)
    default: self.init(.partly, "\(error)")
    }
  }
}
