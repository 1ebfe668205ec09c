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
    case let error as ExportError: self.init(.usage, error.description)
    case let error as ModelError:
      let isSetting = [.config, .auth].contains(error.kind)
      self.init(isSetting ? .usage : .partly, "\(error.description): \(Self.advice(error.kind))")
    default: self.init(.partly, "\(error)")
    }
  }

  private static func advice(_ kind: ModelError.Kind) -> String {
    switch kind {
    case .auth: "check the key in the environment"
    case .config: "check --llm-url and --model"
    case .quota: "ask again when there is an allowance"
    case .server, .timeout, .cutStream, .badJSON, .wrongShape:
      "check that the model's server runs (--llm-url)"
    default: "try again later"
    }
  }
}
