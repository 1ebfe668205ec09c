import GossamerBytes
import GossamerLLM

/// Writes results of tools for a model: our own words plain, everything that strangers wrote between
/// two lines with a mark that is new for each call.
///
/// Pages cannot know the mark, and what would act in a chat template is broken up.
struct ResultText: Sendable {
  /// What the marks of a run are made of.
  let seed: String

  /// The text of a result. Gives its passages their numbers.
  func text(_ outcome: ToolOutcome, call: Int, shelf: inout SourceShelf) -> String {
    let mark = mark(call)
    var lines: [String] = []
    var isOpen = false
    func close() {
      if isOpen { lines.append("=== end \(mark) ===") }
      isOpen = false
    }
    func open() {
      if !isOpen { lines.append("=== data \(mark) ===") }
      isOpen = true
    }
    for part in outcome.result.parts {
      switch part {
      case .note(let text):
        close()
        lines.append(text)
      case .foreign(let text):
        open()
        lines.append(clean(text, mark))
      case .passage(let passage):
        open()
        let title = passage.title.map { " " + oneLine(clean($0, mark)).prefix(120) } ?? ""
        let place = passage.number > 0 ? " (passage \(passage.number))" : ""
        let number = shelf.number(of: passage)
        lines.append("[S\(number)] \(clean(passage.url, mark))\(place)\(title)")
        lines.append(clean(passage.text, mark))
      }
    }
    close()
    for address in outcome.result.addresses { shelf.add(address: address) }
    return lines.isEmpty ? "Nothing." : lines.joined(separator: "\n")
  }

  /// The mark of a call.
  func mark(_ call: Int) -> String {
    String(Digest.sha256(of: Array("\(seed)/\(call)".utf8)).hex.prefix(10))
  }

  /// The first half of a result, its data still between its lines.
  static func half(of text: String) -> String {
    var left = text.utf8.count / 2
    var half = text.prefix(bytes: &left)
    let lines = text.split(separator: "\n")
    let start = lines.last { half.contains($0) && $0.hasPrefix("=== data ") }
    if let start, let end = lines.last(where: { $0 == "=== end " + start.dropFirst(9) }),
      !half.hasSuffix(end)
    {
      half += "\n" + end
    }
    return half + "\n[The rest was taken out to save room.]"
  }

  /// What looks like one of our numbers is none.
  private func clean(_ text: String, _ mark: String) -> String {
    PromptText.neutralized(text).replacing(mark, with: "").replacing("[S", with: "(S")
  }

  private func oneLine(_ text: String) -> String {
    text.split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}
