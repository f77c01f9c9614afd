// title: Search in documents
// purpose: Documents whose title, publisher or text answer a search, best first, with the words around the first hit.
// parameters: query (in Lucene's syntax), terms: strings (beginnings of its words, small letters), skip, limit, most (hits that are looked at), context (code points wanted around the hit)
CALL db.index.fulltext.queryNodes('search_documents', $query, {limit: $most}) YIELD node AS d, score
WITH d, score ORDER BY score DESC, coalesce(d.date, '') DESC, d.id
WITH collect(d) AS found
WITH size(found) AS total, found[$skip..$skip + $limit] AS shown
UNWIND CASE WHEN size(shown) = 0 THEN [NULL] ELSE range(0, size(shown) - 1) END AS place
WITH total, place, shown[place] AS d
WITH total, place, d, d.text AS text
WITH total, place, d, text, toLower(text) AS small
WITH total, place, d, text, coalesce([at IN [term IN $terms | size(split(small, term)[0])] WHERE at < size(text)][0], size(text)) AS at
RETURN total, d.id AS id, d.title AS title, coalesce(d.publisher, '') AS publisher, coalesce(d.date, '') AS date,
       coalesce(d.words, 0) AS words, d.state AS state,
       CASE WHEN at >= size(text) THEN '' ELSE
         substring(text, CASE WHEN at > $context THEN at - $context ELSE 0 END,
                   CASE WHEN at > $context THEN 2 * $context ELSE at + $context END) END AS snippet,
       at > $context AS cut
ORDER BY place
