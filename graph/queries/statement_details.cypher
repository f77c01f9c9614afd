// title: Statements in full
// purpose: For each statement of a page: who makes it and as what, what it claims, its passages with the words around them, and its document. The text of a document is read once. Offsets count code points, as Neo4j's substring does.
// parameters: ids (statements, in the order of the page), context (code points wanted on each side of a passage)
UNWIND range(0, size($ids) - 1) AS place
MATCH (s:Statement {id: $ids[place]})-[:MADE_BY]->(c:Contributor)
OPTIONAL MATCH (s)-[:FROM_SECTOR]->(sector:Sector)
OPTIONAL MATCH (s)-[:FROM_POSITION]->(position:Position)
OPTIONAL MATCH (s)-[:FROM_AFFILIATION]->(a:Organisation)
OPTIONAL MATCH (s)-[:ABOUT]->(i:Idea)
OPTIONAL MATCH (s)-[:SUBJECT]->(f:Thing)
OPTIONAL MATCH (s)-[:OBJECT]->(t:Thing)
MATCH (s)-[at:IN_PASSAGE]->(p:Passage)-[:PART_OF]->(d:Document)
WITH place, s, c, sector, position, a, i, f, t, d, p, at ORDER BY at.order
WITH place, s, c, sector, position, a, i, f, t, d,
     collect({start: p.start, end: p.end, quote: p.quote, paragraph: p.paragraph, page: p.page}) AS passages
WITH d, collect({place: place, s: s, c: c, sector: sector.id, position: position.id, a: a, i: i, f: f, t: t,
                 passages: passages}) AS rows
WITH d, d.text AS text, rows
UNWIND rows AS row
WITH d, text, row, row.s AS s, row.c AS c, row.a AS a, row.i AS i, row.f AS f, row.t AS t
RETURN s.id AS id, labels(s) AS labels, s.role AS role, s.confidence AS confidence, s.state AS state,
       coalesce(s.by_default, false) AS by_default, coalesce(s.stance, '') AS stance, coalesce(s.kind, '') AS kind,
       coalesce(s.predicate, '') AS predicate, coalesce(s.direction, '') AS direction,
       {labels: labels(c), id: c.id, name: c.name} AS contributor,
       row.sector AS sector, row.position AS position,
       CASE WHEN a IS NULL THEN NULL ELSE {labels: labels(a), id: a.id, name: a.name} END AS affiliation,
       CASE WHEN i IS NULL THEN NULL ELSE {labels: labels(i), id: i.id, name: i.name} END AS idea,
       CASE WHEN f IS NULL THEN NULL ELSE {labels: labels(f), id: f.id, name: f.name} END AS subject,
       CASE WHEN t IS NULL THEN NULL ELSE {labels: labels(t), id: t.id, name: t.name} END AS object,
       {kind: 'Document', id: d.id, name: d.title} AS document,
       coalesce(d.publisher, '') AS publisher, coalesce(d.date, '') AS date, d.state AS document_state,
       [p IN row.passages | p {
         .*,
         before: substring(text, CASE WHEN p.start > $context THEN p.start - $context ELSE 0 END,
                           CASE WHEN p.start > $context THEN $context ELSE p.start END),
         after: substring(text, p.end, $context)
       }] AS passages
ORDER BY row.place
