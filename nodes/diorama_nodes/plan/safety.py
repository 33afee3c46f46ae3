"""What is refused, and sentences that speak to the program rather than of a scene."""

from __future__ import annotations

import re

_WEAPON = re.compile(
    r"\b(?:pipe ?bombs?|nail bombs?|car bombs?|dirty bombs?|(?<!bath )(?<!photo )bombs?|explosives?|explosive devices?|ieds?|grenades?|molotov\w*|"
    r"detonators?|landmines?|nerve (?:gas|agents?)|sarin|ricin|mustard gas|anthrax|chemical weapons?|bioweapons?|biological weapons?|"
    r"ghost guns?|firearms?|guns?|rifles?|pistols?|silencers?|suppressors?|meth(?:amphetamine)?|fentanyl|thermite|napalm|"
    r"rohrbomben?|sprengstoffe?|sprengsätze?|bomben?|granaten?|giftgas|schusswaffen?)\b|爆弾|爆発物|毒ガス|手榴弾|拳銃|覚醒剤",
    re.IGNORECASE,
)
_RECIPE = re.compile(
    r"\b(?:working|functional|functioning|operational|real|instructions?|blueprints?|schematics?|step[ -]by[ -]step|recipe|"
    r"how (?:to|do i|can i) (?:make|build|assemble|construct|cook|synthesi[sz]e)|so (?:that )?i can (?:build|make|assemble)|build (?:it|one|my own)|"
    r"make (?:it|one) (?:at home|myself)|at home|dimensions of every part|every part|3d[ -]print(?:able|ed)?|assembly|exploded|wiring|ingredients|"
    r"synthesis|funktionsfähige?\w*|bauanleitung|anleitung|nachbauen|bauen kann|zu hause|baupläne?)\b|作り方|設計図|組み立て方|製造方法|作れる",
    re.IGNORECASE,
)
_MINOR = re.compile(r"\b(?:child(?:ren)?|kids?|minors?|toddlers?|bab(?:y|ies)|girls?|boys?|teen(?:ager)?s?|schoolgirls?|kind(?:er)?|mädchen|jungen?)\b|子供|子ども|少女|少年", re.IGNORECASE)  # fmt: skip
_SEXUAL = re.compile(r"\b(?:naked|nude|sex(?:ual|y)?|porn\w*|erotic\w*|undress\w*|lingerie|nackt\w*|erotisch\w*)\b|裸|性的|エロ", re.IGNORECASE)

_ADDRESSED = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instructions?|prompts?|rules?|above|previous|prior|guidelines?|restrictions?)\b|"
    r"\bsystem[ _-]?prompt\b|\b(?:call|invoke|run|execute|use) (?:the )?[\w-]+ (?:tool|function|command|script)\b|"
    r"\byou are (?:now|a|an) (?:\w+ )?(?:ai|assistant|model|admin|developer|root|dan)\b|\b(?:print|reveal|show|output|repeat|leak) (?:me )?(?:your|the) (?:\w+ )?(?:prompt|instructions?|rules|password|secrets?|api key|token)\b|"
    r"\bdelete (?:all|every|the) (?:files?|assets?|data|database|scenes?)\b|\b(?:drop table|rm -rf|sudo|<script|javascript:|os\.system|__import__)|"
    r"\b(?:developer|jailbreak|admin) mode\b|\bnew instructions?\b|"
    r"\bignoriere?\b.{0,40}\b(?:anweisung\w*|regeln|vorgaben|befehle)\b|\bvergiss\b.{0,40}\banweisung\w*|指示を無視|命令を無視|システムプロンプト",
    re.IGNORECASE,
)


def refusal(prompt: str) -> str | None:
    """The sentence with which a prompt is refused, without quoting it; None where nothing speaks against it."""
    if _WEAPON.search(prompt) and _RECIPE.search(prompt):
        return "the prompt asks how something that hurts people is made (unsafe: weapons); a prompt that describes a scene is wanted"
    if _MINOR.search(prompt) and _SEXUAL.search(prompt):
        return "the prompt sexualises minors (unsafe: minors); a prompt that describes a scene is wanted"
    return None


def addressed(sentence: str) -> bool:
    """Whether a sentence gives orders to the program instead of describing a scene."""
    return _ADDRESSED.search(sentence.replace("_", "-")) is not None
