// title: How many things of a kind
// purpose: The length of the list of things of one kind, filtered.
// parameters: kind (a label), words (in the name, or null), sector (id, or null), said (true: only with statements)
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
RETURN count(t) AS total
