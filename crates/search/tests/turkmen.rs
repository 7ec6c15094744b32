//! How well the Turkmen stemmer does, on forms that are made here by a description of the language that knows nothing of it: which share of
//! pairs of forms of one word meet, and which share of words meet another word.

use std::collections::{BTreeMap, BTreeSet};

use courant_search::analysis::{
    turkmen::{stem, stems_unmarked},
    unmarked,
};

/// Nouns; after a stroke those that end otherwise before a vowel.
const NOUNS: &str = "adam at ata ene oglan gyz çaga dost goňşy mugallym okuwçy talyp/talyb lukman işçi daýhan şahyr ýazyjy \
    kitap/kitab depder galam stol oturgyç/oturgyj gapy penjire jaý öý otag köçe ýol köpri şäher oba etrap/etrab welaýat/welaýad ýurt/ýurd \
    döwlet/döwled paýtagt deňiz derýa köl suw dag çöl tokaý agaç/agaj gül ot ýaprak/ýaprag miwe alma üzüm garpyz gawun nar bugdaý pagta \
    çörek/çöreg et süýt/süýd ýag duz çaý nahar gün aý ýyldyz asman bulut/bulud ýagyş gar ýel howa ýaz tomus güýz gyş gije agşam \
    sagat/sagad minut hepde ýyl wagt söz sözlük/sözlüg dil sorag jogap/jogab kanun karar perman mejlis hökümet/hökümed prezident ministr \
    ministrlik/ministrlig işgär iş pul bank söwda bazar dükan zawod fabrik/fabrig senagat/senagad ykdysadyýet/ykdysadyýed ylym/ylm bilim \
    mekdep/mekdeb uniwersitet medeniýet/medeniýed sungat/sungad aýdym saz kino teatr muzeý sport ýaryş oýun oýunçy hassahana derman kesel \
    saglyk/saglyg beden kelle göz gulak/gulag burun/burn agyz/agz diş el aýak/aýag ýürek/ýüreg gan ýüz saç haly don köýnek/köýneg \
    telpek/telpeg mesele maksat/maksad netije sebäp/sebäb gatnaşyk/gatnaşyg hyzmatdaşlyk/hyzmatdaşlyg taslama teklip/teklib \
    hasabat/hasabad habar gazet/gazed žurnal surat/surad hat ses ýagtylyk/ýagtylyg reňk güýç/güýj kuwwat/kuwwad bagt söýgi \
    dostluk/dostlug parahatçylyk/parahatçylyg garaşsyzlyk/garaşsyzlyg bitaraplyk/bitaraplyg halk millet/milled watan taryh many ömür/ömr \
    ölüm göwün/göwn akyl/akl pikir/pikr düşünje ogul/ogl gurluşyk/gurluşyg ulag gämi uçar otly awtobus maşyn ýük bellik/bellig san \
    baha girdeji çykdajy salgyt/salgyd töleg müşderi hyzmat/hyzmad önüm önümçilik/önümçilig tehnika enjam çeşme energiýa nebit/nebid gaz \
    kömür demir altyn kümüş mis türkmenistan özbegistan eýran aşgabat/aşgabad rayon telefon";

/// Verbs; after a stroke those that end otherwise before a vowel.
const VERBS: &str = "gel git/gid al ber gör bil bol et/ed iç oka ýaz işle başla gutar aç ýap dur otur ýat tur gaç sat sora gözle tap ýitir \
    ugrat/ugrad gowşur düşün gürle geple sözle diňle eşit/eşid bak oýna agla söý garaş ösdür döret/döred gur ýykyl saýla hödürle golda \
    berkit/berkid gatnaş çagyr jogapla öwren unut/unud ýatla hasapla barla taýýarla iber getir";

fn is_vowel(letter: char) -> bool {
    "aäeioöuüy".contains(letter)
}

fn syllables(word: &str) -> usize {
    word.chars().filter(|letter| is_vowel(*letter)).count()
}

fn last_vowel(word: &str) -> char {
    word.chars().rev().find(|letter| is_vowel(*letter)).unwrap_or('a')
}

fn is_back(word: &str) -> bool {
    "aouy".contains(last_vowel(word))
}

fn ends_in_vowel(word: &str) -> bool {
    word.chars().next_back().is_some_and(is_vowel)
}

/// The word with an ending, whose A is a or e, E a or ä, I y or i, and W the same or, after a first syllable with o, ö, u or ü, one of these.
fn with(word: &str, ending: &str) -> String {
    let is_round = syllables(word) == 1 && "oöuü".contains(last_vowel(word));
    let mut found = word.to_owned();
    for letter in ending.chars() {
        let back = is_back(&found);
        found.push(match (letter, back) {
            ('A' | 'E', true) => 'a',
            ('A', false) => 'e',
            ('E', false) => 'ä',
            ('W', true) if is_round => 'u',
            ('W', false) if is_round => 'ü',
            ('I' | 'W', true) => 'y',
            ('I' | 'W', false) => 'i',
            (other, _) => other,
        });
    }
    found
}

/// A word whose last e is ä before endings; before those that want another vowel, it ends in that.
fn open(word: &str, vowel: Option<&str>) -> String {
    match (word.strip_suffix(is_vowel), vowel) {
        (Some(rest), Some(vowel)) => {
            let back = is_back(word);
            format!("{rest}{}", if back { "a" } else { vowel })
        }
        _ => word.strip_suffix('e').map_or(word.to_owned(), |rest| format!("{rest}ä")),
    }
}

fn cases(word: &str, before_vowel: &str) -> Vec<String> {
    let mut forms = vec![word.to_owned(), with(word, "dA"), with(word, "dAn")];
    if ends_in_vowel(word) {
        let open_form = open(word, None);
        forms.extend([with(&open_form, "nIň"), with(&open_form, "nI"), open(word, Some("ä"))]);
    } else {
        forms.extend([with(before_vowel, "A"), with(before_vowel, "I"), with(before_vowel, "Wň")]);
    }
    forms
}

fn noun(word: &str, before_vowel: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::new();
    let plural = with(word, "lAr");
    for (word, before_vowel) in [(word, before_vowel), (plural.as_str(), plural.as_str())] {
        forms.extend(cases(word, before_vowel));
        let (owners, third) = if ends_in_vowel(word) {
            let open_form = open(word, None);
            (["m", "ň", "mIz", "ňIz"].map(|owner| with(&open_form, owner)), with(word, "sI"))
        } else {
            (["Wm", "Wň", "WmIz", "WňIz"].map(|owner| with(before_vowel, owner)), with(before_vowel, "I"))
        };
        for owned in &owners {
            forms.extend(["", "Iň", "A", "I", "dA", "dAn"].map(|case| with(owned, case)));
        }
        forms.extend(["", "nIň", "nA", "nI", "ndA", "ndAn"].map(|case| with(&third, case)));
    }
    forms.extend(["dIr", "dAkI"].map(|ending| with(word, ending)));
    forms
}

fn verb(word: &str, before_vowel: &str) -> BTreeSet<String> {
    let mut forms = BTreeSet::from([word.to_owned()]);
    let negative = with(word, "mA");
    for word in [word, &negative] {
        forms.extend(["dI", "dWm", "dWň", "dWk", "dWňIz", "dIlAr"].map(|ending| with(word, ending)));
        forms.extend(["sA", "sAm", "sAň", "sAk", "sAlAr", "jAk", "jAkdI"].map(|ending| with(word, ending)));
        let present = with(if word == negative { word } else { before_vowel }, "ýEr");
        forms.extend(["", "In", "sIň", "Is", "sIňIz", "lAr", "dI"].map(|person| with(&present, person)));
    }
    forms.extend([negative.clone(), format!("{negative}z"), with(&negative, "rIn")]);
    let (past, aorist, converb) = if ends_in_vowel(word) {
        let open_form = open(word, Some("ä"));
        (format!("{open_form}n"), format!("{open_form}r"), format!("{open_form}p"))
    } else {
        (with(before_vowel, "An"), with(before_vowel, "Ar"), with(before_vowel, "Wp"))
    };
    forms.extend(["", "lAr", "dA", "dIr", "lArIň"].map(|ending| with(&past, ending)));
    forms.extend(["", "In", "sIň", "Is", "lAr"].map(|ending| with(&aorist, ending)));
    forms.extend(["", "dIr", "dIrIn", "dIrlAr"].map(|ending| with(&converb, ending)));
    forms.extend(
        ["mAk", "mAkdA", "mAkdAn", "mAgI", "mAgA", "mAgIň", "mAlI", "mAlIdIr", "mEn"].map(|ending| with(word, ending)),
    );
    forms.insert(with(word, "sWn"));
    forms
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Of so many words with their forms: the share of pairs of forms of one word that meet, and the share of words that meet another one, in
/// hundredths.
fn shares(words: &BTreeMap<&str, BTreeSet<String>>, stem: impl Fn(&str) -> String) -> (f64, f64) {
    let mut owners: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let mut pairs = 0.0;
    for (word, forms) in words {
        let mut alike: BTreeMap<String, f64> = BTreeMap::new();
        for form in forms {
            let stem = stem(form);
            owners.entry(stem.clone()).or_default().insert(word);
            *alike.entry(stem).or_default() += 1.0;
        }
        let all = number(forms.len());
        pairs += alike.values().map(|some| some * (some - 1.0)).sum::<f64>() / (all * (all - 1.0));
    }
    let strangers: BTreeSet<&str> = owners.into_values().filter(|words| words.len() > 1).flatten().collect();
    let all = number(words.len());
    let strangers = number(strangers.len());
    (100.0 * pairs / all, 100.0 * strangers / all)
}

fn forms<'a>(words: &'a str, of: fn(&str, &str) -> BTreeSet<String>) -> BTreeMap<&'a str, BTreeSet<String>> {
    let forms = |word: &'a str| {
        let (word, before_vowel) = word.split_once('/').unwrap_or((word, word));
        (word, of(word, before_vowel))
    };
    words.split_whitespace().map(forms).collect()
}

#[test]
fn forms_of_a_word_meet_and_words_hardly_meet_strangers() {
    let (nouns, verbs) = (forms(NOUNS, noun), forms(VERBS, verb));
    for (sort, words, least, most) in [("nouns", &nouns, 95.0, 5.0), ("verbs", &verbs, 85.0, 10.0)] {
        let (before, _) = shares(words, str::to_owned);
        let (pairs, strangers) = shares(words, stem);
        println!("{} {sort}: {pairs:.1} % of pairs meet, {strangers:.1} % of words meet a stranger", words.len());
        assert!(before < 1.0, "forms are forms");
        assert!(pairs >= least, "{sort}: {pairs:.1} % of pairs meet");
        assert!(strangers <= most, "{sort}: {strangers:.1} % of words meet a stranger");
    }
}

#[test]
fn most_forms_meet_what_is_typed_without_marks() {
    let words = [forms(NOUNS, noun), forms(VERBS, verb)];
    let all: Vec<&String> = words.iter().flat_map(BTreeMap::values).flatten().collect();
    let met = all.iter().filter(|form| stems_unmarked(&unmarked(form)).contains(&unmarked(&stem(form)))).count();
    println!("{met} of {} forms", all.len());
    assert!(met * 100 >= all.len() * 90, "{met} of {}", all.len());
}
