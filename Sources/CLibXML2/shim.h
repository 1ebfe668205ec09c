// The door to libxml2: includes, and inline wrappers of what Swift cannot say
// (struct set-up with magic numbers, macros, stacks inside parser contexts).
#ifndef GOSSAMER_CLIBXML2_SHIM_H
#define GOSSAMER_CLIBXML2_SHIM_H

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/xmlerror.h>
#include <string.h>

/// The events a parse reports. Every callback gets `context` first.
typedef struct {
  void *context;
  startElementSAXFunc startElement;
  endElementSAXFunc endElement;
  charactersSAXFunc characters;
  xmlStructuredErrorFunc error;
} clibxml2_events;

/// An HTML parser over a copy of `size` bytes of UTF-8. Null when memory is short.
///
/// Own handlers only: no tree is built, nothing is printed, nothing is loaded, and a
/// charset named by the page is ignored.
static inline htmlParserCtxtPtr clibxml2_html_parser(
    const char *bytes, int size, const clibxml2_events *events) {
  htmlParserCtxtPtr parser = htmlNewParserCtxt();
  if (parser == NULL) return NULL;
  // Bit 19 is XML_PARSE_HUGE, which the HTML header of 2.9 does not name; bit 21 is
  // HTML_PARSE_IGNORE_ENC.
  htmlCtxtUseOptions(
      parser, HTML_PARSE_RECOVER | HTML_PARSE_NONET | HTML_PARSE_NODEFDTD | (1 << 19) | (1 << 21));
  memset(parser->sax, 0, sizeof(*parser->sax));
  parser->sax->initialized = XML_SAX2_MAGIC;
  parser->sax->startElement = events->startElement;
  parser->sax->endElement = events->endElement;
  parser->sax->characters = events->characters;
  parser->sax->ignorableWhitespace = events->characters;
  parser->sax->cdataBlock = events->characters;
  parser->sax->serror = events->error;
  parser->userData = events->context;
  xmlParserInputBufferPtr buffer =
      xmlParserInputBufferCreateMem(bytes, size, XML_CHAR_ENCODING_NONE);
  xmlParserInputPtr input =
      buffer == NULL ? NULL : xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_NONE);
  if (input == NULL || inputPush(parser, input) < 0) {
    if (input == NULL && buffer != NULL) xmlFreeParserInputBuffer(buffer);
    htmlFreeParserCtxt(parser);
    return NULL;
  }
  parser->charset = XML_CHAR_ENCODING_UTF8;
  return parser;
}

/// Runs the parser. Returns how many bytes it left unread: 0 unless it stopped early.
static inline long clibxml2_html_parse(htmlParserCtxtPtr parser) {
  htmlParseDocument(parser);
  if (parser->input == NULL) return 0;
  return (long)(parser->input->end - parser->input->cur);
}

/// Keeps the parser's stack of open elements at `limit`: the newest takes the place of
/// the one before it. Searches of that stack would else be quadratic. Returns whether it did.
static inline int clibxml2_html_cap_depth(htmlParserCtxtPtr parser, int limit) {
  if (parser->nameNr <= limit || limit < 1) return 0;
  parser->nameTab[limit - 1] = parser->nameTab[parser->nameNr - 1];
  parser->nameNr = limit;
  parser->name = parser->nameTab[limit - 1];
  return 1;
}

/// The events of an XML parse, names with their prefixes: looking namespaces up takes time that
/// grows with their number, which is the file's to choose.
typedef struct {
  void *context;
  startElementSAXFunc startElement;
  endElementSAXFunc endElement;
  charactersSAXFunc characters;
} clibxml2_xml_events;

/// An XML parser over a copy of `size` bytes of UTF-8. Null when memory is short.
///
/// Goes on after faults; knows no entities but the five of XML, as nothing answers for others;
/// loads nothing; ignores the encoding the file names. Depth and text limits of libxml2 hold.
static inline xmlParserCtxtPtr clibxml2_xml_parser(
    const char *bytes, int size, const clibxml2_xml_events *events) {
  xmlParserCtxtPtr parser = xmlNewParserCtxt();
  if (parser == NULL) return NULL;
  xmlCtxtUseOptions(parser, XML_PARSE_RECOVER | XML_PARSE_NONET | XML_PARSE_IGNORE_ENC);
  memset(parser->sax, 0, sizeof(*parser->sax));
  // Not XML_SAX2_MAGIC, which means namespaces; so errors are only told by `wellFormed`.
  parser->sax->initialized = 1;
  parser->sax2 = 0;
  parser->sax->startElement = events->startElement;
  parser->sax->endElement = events->endElement;
  parser->sax->characters = events->characters;
  parser->sax->ignorableWhitespace = events->characters;
  parser->sax->cdataBlock = events->characters;
  parser->userData = events->context;
  xmlParserInputBufferPtr buffer =
      xmlParserInputBufferCreateMem(bytes, size, XML_CHAR_ENCODING_NONE);
  xmlParserInputPtr input =
      buffer == NULL ? NULL : xmlNewIOInputStream(parser, buffer, XML_CHAR_ENCODING_NONE);
  if (input == NULL || inputPush(parser, input) < 0) {
    if (input == NULL && buffer != NULL) xmlFreeParserInputBuffer(buffer);
    xmlFreeParserCtxt(parser);
    return NULL;
  }
  return parser;
}

/// Frees the parser and the declarations it may have kept.
static inline void clibxml2_xml_free(xmlParserCtxtPtr parser) {
  if (parser->myDoc != NULL) xmlFreeDoc(parser->myDoc);
  parser->myDoc = NULL;
  xmlFreeParserCtxt(parser);
}

#endif
