// START and END are labels of the ontology with unique ids, TYPE is one of its relationship types.
UNWIND $rows AS row
MATCH (a:START {id: row.start})-[r:TYPE]->(b:END {id: row.end})
DELETE r
