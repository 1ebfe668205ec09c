/// Reading of answers that are JSON.
public enum StructuredAnswer {
  /// The text of a member of the object that an answer is.
  ///
  /// - Throws: `bad_json` if the answer is not JSON, `wrong_shape` if it is JSON of another shape.
  public static func text(_ key: String, in answer: String) throws(ModelError) -> String {
    guard let json = JSONValue(parsing: Array(answer.utf8)) else {
      throw ModelError(.badJSON, "an answer that begins as JSON and is not")
    }
    guard let text = json[key]?.string else {
      throw ModelError(.wrongShape, "JSON without a text \"\(key)\"")
    }
    return text
  }
}
