"""Any product text against the ledger: sentences, claims, doses, references, and a page that shows them."""

from threonate.audit.audit import (
    NO_CLAIM,
    NOT_IN_LEDGER,
    Audit,
    Finding,
    audit_article,
    audit_file,
    audit_text,
    verdict_json,
)
from threonate.audit.page import build_page
from threonate.audit.reading import Article, article_of, read_article

__all__ = [
    "NOT_IN_LEDGER",
    "NO_CLAIM",
    "Article",
    "Audit",
    "Finding",
    "article_of",
    "audit_article",
    "audit_file",
    "audit_text",
    "build_page",
    "read_article",
    "verdict_json",
]
