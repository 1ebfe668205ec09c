import Foundation
import GossamerLLM
import Testing

@testable import GossamerEnrich

@Suite("Extraction by a schema", .timeLimit(.minutes(5)))
struct SchemaExtractorTests {
  static let schema =
    #"{"type":"object","properties":{"name":{"type":"string"},"seats":{"type":["integer","null"]}},"#
    + #""required":["name","seats"],"additionalProperties":false}"#
  static let record = TextRecord(
    digest: "sha256:1", page: PageText(url: "u", text: "The ferry Anna has 40 seats."),
    allowsModels: true)

  private func line(_ model: ScriptedModel, _ record: TextRecord = record) async throws
    -> [JSONValue]
  {
    let extractor = SchemaExtractor(
      client: model.client, schema: try JSONSchema(Self.schema), pageTokens: 64)
    let made = try await extractor.enrich(record)
    return try String(decoding: made.lines, as: UTF8.self).split(separator: "\n").map {
      try #require(JSONValue(parsing: String($0)))
    }
  }

  @Test func whatFitsIsKept() async throws {
    let model = ScriptedModel("```json\n{\"name\":\"Anna\",\"seats\":40}\n```")
    let line = try #require(try await line(model).first)
    #expect(line["data"]?["seats"]?.int == 40)
    #expect(line["flags"] == nil)
    #expect(model.requests.count == 1)
    #expect(model.requests[0].answerSchema == (try JSONSchema(Self.schema)).text)
    #expect(model.requests[0].tools.isEmpty)
  }

  @Test func numbersThatTheTextDoesNotHaveAreFlagged() async throws {
    let line = try await line(ScriptedModel(#"{"name":"Anna","seats":41}"#)).first
    #expect(line?["flags"]?.array?.first?.string == "new-number 41")
  }

  @Test func oneRepairIsAskedForWithTheFault() async throws {
    let model = ScriptedModel { request in
      request.messages.count == 2 ? #"{"name":"Anna"}"# : #"{"name":"Anna","seats":null}"#
    }
    let line = try #require(try await line(model).first)
    #expect(line["data"] != nil)
    #expect(model.requests.count == 2)
    #expect(model.requests[1].messages[3].text.contains("lacks \"seats\""))
    #expect(line["tokens_in"]?.int == 180)
  }

  @Test(arguments: [("no JSON", ModelError.Kind.badJSON), ("{}", .wrongShape)])
  func whatNeverFitsIsAnError(answer: String, kind: ModelError.Kind) async {
    let model = ScriptedModel(answer)
    let error = await #expect(throws: ModelError.self) { try await line(model) }
    #expect(error?.kind == kind)
    #expect(model.requests.count == 2, "one repair, no more")
  }

  @Test func longTextsGiveALineForEachPart() async throws {
    let text = (0..<40).map { "Ferry number \($0) sails." }.joined(separator: " ")
    let record = TextRecord(
      digest: "d", page: PageText(url: "u", text: text), allowsModels: true)
    let lines = try await line(ScriptedModel(#"{"name":"x","seats":null}"#), record)
    #expect(lines.count > 2)
    #expect(lines.map { $0["part"]?.int } == (0..<lines.count).map { $0 })
    #expect(lines.allSatisfy { $0["parts"]?.int == lines.count })
  }
}
