// title: Search in headings
// purpose: Headings of the thesaurus that answer a search, best first, with the things that stand under them.
// parameters: query (in Lucene's syntax), limit (headings), each (things of a heading), most (hits that are looked at)
CALL db.index.fulltext.queryNodes('search_headings', $query, {limit: $most}) YIELD node AS h, score
MATCH (t:Thing)-[:UNDER]->(h)
WITH h, score, t ORDER BY score DESC, coalesce(t.statements, 0) DESC, t.name, t.id
WITH h, score, collect({labels: labels(t), id: t.id, name: t.name}) AS things
RETURN h.id AS id, h.label AS label, size(things) AS total, things[..$each] AS things
ORDER BY score DESC, label
LIMIT $limit
