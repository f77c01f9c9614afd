// title: Search in things
// purpose: Things whose name, other names or definition answer a search, best first, gathered by kind.
// parameters: query (in Lucene's syntax), kinds, skip, limit (of each kind), most (hits that are looked at)
CALL db.index.fulltext.queryNodes('search_things', $query, {limit: $most}) YIELD node AS t, score
WITH t, score, [label IN labels(t) WHERE label IN $kinds][0] AS kind
WHERE kind IS NOT NULL
WITH kind, t, score ORDER BY score DESC, coalesce(t.statements, 0) DESC, t.name, t.id
WITH kind, collect({id: t.id, name: t.name, aliases: coalesce(t.aliases, []), sector: t.sector,
                    statements: coalesce(t.statements, 0), documents: coalesce(t.documents, 0),
                    mentions: coalesce(t.mentions, 0)}) AS hits
RETURN kind, size(hits) AS total, hits[$skip..$skip + $limit] AS hits
ORDER BY kind
