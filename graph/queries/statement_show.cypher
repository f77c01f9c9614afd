// title: A statement's provenance
// purpose: Which run found a statement and by which rule, what was decided on it, and the studies that it rests on.
// parameters: id
MATCH (s:Statement {id: $id})
OPTIONAL MATCH (s)-[:EXTRACTED_BY]->(run:ExtractionRun)
RETURN s.id AS id, coalesce(s.reason, '') AS reason, properties(run) AS run,
       COLLECT { MATCH (x:Decision)-[:DECIDED_ON]->(s) RETURN {kind: x.kind, at: x.at} ORDER BY x.at, x.id } AS decisions,
       COLLECT { MATCH (s)-[:RESTS_ON]->(study:Study) RETURN study.name ORDER BY study.name } AS studies
