// title: Things of a kind
// purpose: A part of the list of things of one kind, filtered and sorted.
// parameters: kind (a label), words (in the name, or null), sector (id, or null), said (true: only with statements), sort (name, statements, documents or mentions), down, skip, limit
CALL () {
  WITH 1 AS one WHERE $kind = 'Person' MATCH (t:Person) RETURN t
  UNION ALL WITH 1 AS one WHERE $kind = 'Organisation' MATCH (t:Organisation) RETURN t
  UNION ALL WITH 1 AS one WHERE $kind = 'Group' MATCH (t:Group) RETURN t
  UNION ALL WITH 1 AS one WHERE $kind = 'Place' MATCH (t:Place) RETURN t
  UNION ALL WITH 1 AS one WHERE $kind = 'Issue' MATCH (t:Issue) RETURN t
  UNION ALL WITH 1 AS one WHERE $kind = 'Intervention' MATCH (t:Intervention) RETURN t
  UNION ALL WITH 1 AS one WHERE $kind = 'Outcome' MATCH (t:Outcome) RETURN t
}
WITH t
WHERE ($words IS NULL OR toLower(t.name) CONTAINS toLower($words)
       OR any(alias IN coalesce(t.aliases, []) WHERE toLower(alias) CONTAINS toLower($words)))
  AND ($sector IS NULL OR coalesce(t.sector, 'unknown') = $sector)
  AND (NOT $said OR coalesce(t.statements, 0) > 0)
WITH t, CASE $sort WHEN 'statements' THEN t.statements WHEN 'documents' THEN t.documents
                   WHEN 'mentions' THEN t.mentions ELSE 0 END AS number
WITH t, coalesce(number, 0) * CASE WHEN $down THEN -1 ELSE 1 END AS number, toLower(t.name) AS name
ORDER BY number,
         CASE WHEN $sort = 'name' AND $down THEN NULL ELSE name END,
         CASE WHEN $sort = 'name' AND $down THEN name END DESC,
         t.id
SKIP $skip LIMIT $limit
RETURN t.id AS id, t.name AS name, coalesce(t.aliases, []) AS aliases, t.sector AS sector,
       coalesce(t.statements, 0) AS statements, coalesce(t.documents, 0) AS documents,
       coalesce(t.mentions, 0) AS mentions
