"""Every operator of the match language, by its key. Adding one: a module, two lines here, a test, a section of docs."""

from collections.abc import Mapping

from monitor.rules.operators.all_of import AllOf
from monitor.rules.operators.any_of import AnyOf
from monitor.rules.operators.at_least import AtLeast
from monitor.rules.operators.base import OperatorKind
from monitor.rules.operators.fields import Field
from monitor.rules.operators.labels import Label, language, present
from monitor.rules.operators.near import Near
from monitor.rules.operators.none_of import NoneOf
from monitor.rules.operators.sentence import Sentence
from monitor.rules.operators.speaker import About, Speaker, With

OPERATORS: Mapping[str, OperatorKind] = {
    "any": AnyOf,
    "all": AllOf,
    "none": NoneOf,
    "at_least": AtLeast,
    "near": Near,
    "sentence": Sentence,
    "speaker": Speaker,
    "about": About,
    "with": With,
    "title": Field("title"),
    "summary": Field("summary"),
    "body": Field("body"),
    "author": Field("author"),
    "link": Field("link"),
    "feed": Label("feed", lambda item: present(item.feed_id)),
    "publisher": Label("publisher", lambda item: present(item.publisher)),
    "lang": Label("lang", language),
    "country": Label("country", lambda item: present(item.country)),
    "tags": Label("tags", lambda item: item.tags),
}
