MATCH (d:Document {id: $document})
UNWIND $rows AS row
CREATE (n:Passage)
SET n = row.properties
CREATE (n)-[:PART_OF]->(d)
