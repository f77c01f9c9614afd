// LABEL is a label of the ontology with unique ids.
UNWIND $rows AS id
MATCH (n:LABEL {id: id})
DETACH DELETE n
