// title: Search in passages
// purpose: Statements whose passages answer a search, best first.
// parameters: query (in Lucene's syntax), skip, limit, most (hits that are looked at)
CALL db.index.fulltext.queryNodes('search_passages', $query, {limit: $most}) YIELD node AS p, score
MATCH (s:Statement)-[:IN_PASSAGE]->(p)
WITH s, max(score) AS score
ORDER BY score DESC, CASE WHEN s:Evidence THEN 0 ELSE 1 END, s.id
WITH collect(s.id) AS found
RETURN size(found) AS total, found[$skip..$skip + $limit] AS ids
