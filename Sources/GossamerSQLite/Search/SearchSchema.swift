import GRDB

/// Tables of `search.db`.
///
/// Everything in it is made of the files of the corpus and can be made again; texts stay there, and
/// here is where they are.
///
/// - `source` says how far each file was read, and what its last line was: where that is no longer so,
///   the file was written anew.
/// - `page` is the last record of each URL. `content` is the digest of what `words` holds of it, NULL
///   where it holds nothing.
/// - `words` has terms as `TermFolder` makes them, and no texts.
/// - `block` holds vectors, many in a row: one byte a component, one scale each, and where the exact
///   ones are.
enum SearchSchema {
  static let version = 1

  static let tables = """
    CREATE TABLE source(
      file TEXT PRIMARY KEY, length INTEGER NOT NULL, line INTEGER NOT NULL, digest BLOB NOT NULL
      ) WITHOUT ROWID;
    CREATE TABLE host(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, bare TEXT NOT NULL);
    CREATE TABLE digest(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE);
    CREATE TABLE page(
      id INTEGER PRIMARY KEY, url TEXT NOT NULL UNIQUE, host_id INTEGER NOT NULL,
      digest_id INTEGER NOT NULL, title TEXT, date TEXT, language TEXT,
      for_models INTEGER NOT NULL, most_shown INTEGER, content BLOB,
      file TEXT NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL);
    CREATE INDEX page_host ON page(host_id);
    CREATE INDEX page_digest ON page(digest_id);
    CREATE VIRTUAL TABLE words USING fts5(
      title, headings, body, content='', tokenize='ascii');
    INSERT INTO words(words, rank) VALUES('rank', 'bm25(8.0, 3.0, 1.0)');
    INSERT INTO words(words, rank) VALUES('hashsize', 16777216);
    CREATE TABLE model(
      id INTEGER PRIMARY KEY, provider TEXT NOT NULL, name TEXT NOT NULL,
      dimensions INTEGER NOT NULL, UNIQUE(provider, name, dimensions));
    CREATE TABLE block(
      id INTEGER PRIMARY KEY, model_id INTEGER NOT NULL, count INTEGER NOT NULL,
      digests BLOB NOT NULL, starts BLOB NOT NULL, ends BLOB NOT NULL, lines BLOB NOT NULL,
      lengths BLOB NOT NULL, scales BLOB NOT NULL, vectors BLOB NOT NULL);
    CREATE INDEX block_model ON block(model_id);
    """

  static func prepare(_ database: Database) throws {
    guard try Int.fetchOne(database, sql: "PRAGMA user_version") != version else { return }
    try database.execute(sql: tables)
    try database.execute(sql: "PRAGMA user_version = \(version)")
  }

  /// Empties what is made of the page files.
  static func forgetPages(_ database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM page;
        DELETE FROM host;
        DELETE FROM source WHERE file LIKE 'pages/%';
        INSERT INTO words(words) VALUES('delete-all');
        """)
  }

  /// Empties what is made of the file of vectors.
  static func forgetVectors(_ database: Database) throws {
    try database.execute(
      sql: """
        DELETE FROM block;
        DELETE FROM model;
        DELETE FROM source WHERE file NOT LIKE 'pages/%';
        """)
  }
}
