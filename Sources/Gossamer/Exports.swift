// Everything that crawling takes, under one import.
@_exported public import GossamerArchive
@_exported public import GossamerCorpus
@_exported public import GossamerCrawl
@_exported public import GossamerAgents
@_exported public import GossamerEnrich
@_exported public import GossamerExtract
@_exported public import GossamerFetch
@_exported public import GossamerFlow
@_exported public import GossamerFrontier
@_exported public import GossamerHTTP
@_exported public import GossamerLLM
@_exported public import GossamerMarkup
@_exported public import GossamerReport
@_exported public import GossamerRobots
@_exported public import GossamerSQLite
@_exported public import GossamerURL

#if Network
  @_exported public import GossamerNetwork
#endif
