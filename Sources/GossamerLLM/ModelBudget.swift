public import GossamerFlow

/// What a model's tokens cost, in dollars for a million.
public struct ModelPrice: Sendable, Equatable {
  /// Tokens of prompts.
  public var input: Double
  /// Tokens of answers.
  public var output: Double

  /// A price.
  public init(input: Double, output: Double) {
    self.input = input
    self.output = output
  }

  /// The prices in a file: `{"MODEL": {"input": 0.15, "output": 0.6}, …}`.
  ///
  /// - Throws: `config` for anything else.
  public static func table(_ json: [UInt8]) throws(ModelError) -> [String: ModelPrice] {
    guard let members = JSONValue(parsing: json)?.members else {
      throw ModelError(.config, "prices are no JSON object of models")
    }
    var table: [String: ModelPrice] = [:]
    for member in members {
      guard let input = member.value["input"]?.double, input >= 0,
        let output = (member.value["output"] ?? .number("0")).double, output >= 0
      else { throw ModelError(.config, "no price in dollars a million tokens for \(member.key)") }
      table[member.key] = ModelPrice(input: input, output: output)
    }
    return table
  }
}

/// A budget of tokens, or of money where there is a price. Shared by all who spend it.
public struct ModelBudget: Sendable {
  /// What there is: tokens, or millionths of a dollar.
  public let budget: SpendingBudget
  /// What turns tokens into money; nil for a budget of tokens.
  public let price: ModelPrice?

  /// A budget of tokens.
  public init(tokens: Int, spent: Int = 0) {
    budget = SpendingBudget(limit: tokens, spent: spent)
    price = nil
  }

  /// A budget of dollars.
  public init(dollars: Double, price: ModelPrice) {
    budget = SpendingBudget(limit: Int((min(max(0, dollars), 1e9) * 1e6).rounded(.down)))
    self.price = price
  }

  /// The same budget where tokens cost a part of their price, as in bulk. One of tokens stays.
  public func discounted(to part: Double) -> ModelBudget {
    ModelBudget(
      budget: budget,
      price: price.map { ModelPrice(input: $0.input * part, output: $0.output * part) })
  }

  private init(budget: SpendingBudget, price: ModelPrice?) {
    self.budget = budget
    self.price = price
  }

  /// The cost of tokens in the budget's unit, rounded up.
  func cost(input: Int, output: Int) -> Int {
    guard let price else { return input + output }
    // Dollars for a million tokens are millionths of a dollar for one.
    let cost = Double(input) * price.input + Double(output) * price.output
    return Int(min(cost, 1e15).rounded(.up))
  }
}
