//! Languages as sources name them: tags of BCP 47, those of POSIX, and three letters where there are two.

use courant_domain::locale::Locale;

/// What a source says of a language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Named {
    /// This one.
    Language(Locale),
    /// None: that there is none, that there are several, or nothing.
    Nothing,
    /// Something that is no language.
    Unknown,
}

/// The languages of two letters (ISO 639-1).
const TWO_LETTERS: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv \
    dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik in io is it iu iw \
    ja ji jv jw ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mo mr ms mt my na nb nd \
    ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg sh si sk sl sm sn so sq sr ss st su sv \
    sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// Three letters (ISO 639-2, in both of its sets) of languages that have two, which BCP 47 asks for.
const THREE_LETTERS: &str = "alb-sq amh-am ara-ar arm-hy aze-az baq-eu bel-be ben-bn bos-bs bul-bg bur-my cat-ca ces-cs chi-zh \
    cym-cy cze-cs dan-da deu-de dut-nl ell-el eng-en epo-eo est-et eus-eu fas-fa fin-fi fra-fr fre-fr geo-ka ger-de gle-ga glg-gl \
    gre-el guj-gu hau-ha heb-he hin-hi hrv-hr hun-hu hye-hy ibo-ig ice-is ind-id isl-is ita-it jpn-ja kan-kn kat-ka kaz-kk khm-km \
    kir-ky kor-ko kur-ku lao-lo lat-la lav-lv lit-lt ltz-lb mac-mk mal-ml mar-mr may-ms mkd-mk mlt-mt mon-mn msa-ms mya-my nep-ne \
    nld-nl nno-nn nob-nb nor-no pan-pa per-fa pol-pl por-pt pus-ps ron-ro rum-ro rus-ru sin-si slk-sk slo-sk slv-sl som-so spa-es \
    sqi-sq srp-sr swa-sw swe-sv tam-ta tat-tt tel-te tgk-tg tha-th tir-ti tuk-tk tur-tr uig-ug ukr-uk urd-ur uzb-uz vie-vi wel-cy \
    yid-yi yor-yo zho-zh zul-zu";

/// Codes of two letters that have been replaced.
const REPLACED: [(&str, &str); 4] = [("in", "id"), ("iw", "he"), ("ji", "yi"), ("mo", "ro")];

/// Reads the name of a language. Of a tag that says more than language, script and region, these are read.
pub(crate) fn read(text: &str) -> Named {
    let text = text.trim();
    // `ru_RU.UTF-8`, `ca_ES@valencia`.
    let tag = text.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    let mut parts = tag.split('-');
    let language = parts.next().unwrap_or_default().to_ascii_lowercase();
    let is_letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_alphabetic());
    if matches!(language.as_str(), "" | "und" | "mul" | "zxx" | "mis") {
        return if tag.len() == language.len() { Named::Nothing } else { Named::Unknown };
    }
    let is_well_formed =
        |part: &str| matches!(part.len(), 1..=8) && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_letters(&language) || !parts.clone().all(is_well_formed) {
        return Named::Unknown;
    }
    let language = match language.len() {
        2 if TWO_LETTERS.split_ascii_whitespace().any(|known| known == language) => {
            REPLACED.iter().find(|(old, _)| *old == language).map_or(language, |(_, new)| (*new).to_owned())
        }
        // Those from `qaa` to `qtz` mean what whoever uses them has agreed on.
        3 if ("qaa"..="qtz").contains(&language.as_str()) => return Named::Unknown,
        3 => {
            let short =
                THREE_LETTERS.split_ascii_whitespace().find_map(|pair| pair.strip_prefix(&language)?.strip_prefix('-'));
            short.map_or(language, str::to_owned)
        }
        _ => return Named::Unknown,
    };
    let script = parts.clone().next().filter(|part| part.len() == 4 && is_letters(part));
    let region = parts.nth(usize::from(script.is_some()));
    let region = region.filter(|part| {
        part.len() == 2 && is_letters(part) || part.len() == 3 && part.bytes().all(|byte| byte.is_ascii_digit())
    });
    let tag: Vec<&str> = [Some(language.as_str()), script, region].into_iter().flatten().collect();
    Locale::parse(&tag.join("-")).map_or(Named::Unknown, Named::Language)
}

/// The language of a name, if it is one.
pub(crate) fn known(text: &str) -> Option<Locale> {
    match read(text) {
        Named::Language(locale) => Some(locale),
        Named::Nothing | Named::Unknown => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_known_however_they_are_written() {
        for (text, language) in [
            ("en", "en"),
            (" EN-us ", "en-US"),
            ("ru_RU.UTF-8", "ru-RU"),
            ("zh-hant-TW", "zh-Hant-TW"),
            ("es-419", "es-419"),
            ("de-1996", "de"),
            ("de-CH-1996", "de-CH"),
            ("en-u-ca-gregory", "en"),
            ("en-GB-x-quay", "en-GB"),
            ("rus", "ru"),
            ("tuk-TM", "tk-TM"),
            ("haw", "haw"),
            ("iw", "he"),
        ] {
            assert_eq!(read(text), Named::Language(Locale::parse(language).unwrap()), "{text}");
        }
    }

    #[test]
    fn what_names_no_language_is_told_from_what_is_none() {
        for text in ["", " ", "und", "mul", "zxx"] {
            assert_eq!(read(text), Named::Nothing, "{text:?}");
        }
        for text in ["xx", "english", "e", "en us", "en--US", "hill dialect", "qab", "x-quay", "12", "русский", "und-x"]
        {
            assert_eq!(read(text), Named::Unknown, "{text:?}");
        }
    }
}
