import GRDB
import GRDBSQLite

/// Direct use of a statement's handle, for loops over many rows: arguments of GRDB's are boxed one
/// by one, which costs more than the step itself. Positions are SQLite's: arguments count from 1,
/// columns from 0.
extension Statement {
  func bind(_ value: Int64?, at position: CInt) {
    if let value {
      sqlite3_bind_int64(sqliteStatement, position, value)
    } else {
      sqlite3_bind_null(sqliteStatement, position)
    }
  }

  func bind(_ value: Int, at position: CInt) { bind(Int64(value), at: position) }

  func bind(_ text: String?, at position: CInt) {
    guard var text else { return bind(Int64?.none, at: position) }
    text.withUTF8 { bytes in
      let start = UnsafeRawPointer(bytes.baseAddress)?.assumingMemoryBound(to: CChar.self)
      _ = sqlite3_bind_text(sqliteStatement, position, start, CInt(bytes.count), Self.copied)
    }
  }

  /// Binds valid UTF-8 as text.
  func bind(text: [UInt8], at position: CInt) {
    text.withUnsafeBytes { bytes in
      let start = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      _ = sqlite3_bind_text(sqliteStatement, position, start, CInt(bytes.count), Self.copied)
    }
  }

  func bind(_ bytes: some Collection<UInt8>, at position: CInt) {
    Array(bytes).withUnsafeBytes { bytes in
      _ = sqlite3_bind_blob(
        sqliteStatement, position, bytes.baseAddress, CInt(bytes.count), Self.copied)
    }
  }

  /// Tells SQLite to copy the bytes before it returns; the macro for it is not visible to Swift.
  private static var copied: sqlite3_destructor_type {
    unsafeBitCast(-1, to: sqlite3_destructor_type.self)
  }

  /// Runs a statement that gives no rows, and makes it ready for the next arguments.
  ///
  /// - Returns: whether a row was changed.
  @discardableResult
  func run(_ database: Database) throws -> Bool {
    defer { sqlite3_reset(sqliteStatement) }
    guard sqlite3_step(sqliteStatement) == SQLITE_DONE else { throw failure(database) }
    return sqlite3_changes(database.sqliteConnection) > 0
  }

  /// Moves on to the next row; after the last one the statement is ready for new arguments.
  func next(_ database: Database) throws -> Bool {
    switch sqlite3_step(sqliteStatement) {
    case SQLITE_ROW: return true
    case SQLITE_DONE:
      sqlite3_reset(sqliteStatement)
      return false
    default:
      defer { sqlite3_reset(sqliteStatement) }
      throw failure(database)
    }
  }

  /// Gives up rows that were not read.
  func rewind() { sqlite3_reset(sqliteStatement) }

  /// The first column of the only row; nil without one.
  func only(_ database: Database) throws -> Int64? {
    defer { rewind() }
    return try next(database) ? integer(0) : nil
  }

  func integer(_ column: CInt) -> Int64 { sqlite3_column_int64(sqliteStatement, column) }

  func optionalInteger(_ column: CInt) -> Int64? {
    sqlite3_column_type(sqliteStatement, column) == SQLITE_NULL ? nil : integer(column)
  }

  func text(_ column: CInt) -> String? {
    sqlite3_column_text(sqliteStatement, column).map { String(cString: $0) }
  }

  func bytes(_ column: CInt) -> [UInt8] {
    let count = Int(sqlite3_column_bytes(sqliteStatement, column))
    guard let start = sqlite3_column_blob(sqliteStatement, column) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// The bytes of a column, to be read before the statement moves on.
  func withBytes<Result>(
    _ column: CInt, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) rethrows -> Result {
    let start = sqlite3_column_blob(sqliteStatement, column)
    let count = start == nil ? 0 : Int(sqlite3_column_bytes(sqliteStatement, column))
    return try body(UnsafeRawBufferPointer(start: start, count: count))
  }

  private func failure(_ database: Database) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: sqlite3_extended_errcode(database.sqliteConnection)),
      message: String(cString: sqlite3_errmsg(database.sqliteConnection)), sql: sql)
  }
}
