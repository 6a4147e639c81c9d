"""How far two readers agree about a slide: grades that lie side by side are half right."""

GRADES = {"G1": 1, "G2": 2, "G3": 3}


def grade(annotation):
    for result in annotation["result"]:
        if result["from_name"] == "grade":
            return GRADES[result["value"]["choices"][0]]
    return None


def agreement(annotation_1, annotation_2, per_label=False):
    one, other = grade(annotation_1), grade(annotation_2)
    if one is None or other is None:
        return 0.0
    return max(0.0, 1.0 - abs(one - other) / 2)
