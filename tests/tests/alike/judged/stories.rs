//! The stories that are judged, written for this.

/// A story of a thread.
pub(super) struct Telling {
    pub(super) locale: &'static str,
    pub(super) thread: &'static str,
    /// What more than one thread is about.
    pub(super) subject: &'static str,
    pub(super) category: &'static str,
    pub(super) tags: &'static [&'static str],
    /// Days after the first one.
    pub(super) day: i16,
    pub(super) title: &'static str,
    pub(super) text: &'static str,
}

macro_rules! stories {
    ($($locale:literal $thread:literal of $subject:literal { $($category:literal $tags:tt $day:literal $title:literal $text:literal;)* })*) => {
        &[$($(Telling {
            locale: $locale,
            thread: $thread,
            subject: $subject,
            category: $category,
            tags: &$tags,
            day: $day,
            title: $title,
            text: $text,
        },)*)*]
    };
}

pub(super) const STORIES: &[Telling] = stories! {
    "en" "ferry" of "harbour" {
        "economy" ["harbours"] 0 "Ferry to the islands gets a second ship"
            "The shipping office has bought a second ferry for the line to the outer islands. The ship carries sixty cars and was \
             built for cold water. Islanders had asked for it since the winter in which the only ferry lay in dock for five weeks.";
        "society" [] 40 "Islanders wait for the second ferry"
            "Five weeks after its arrival the new ship still lies at the quay. Its ramp does not fit the landing on the smaller \
             island, and the shipping office looks for a welder. Until then the old ferry sails twice a day.";
        "politics/government" ["harbours"] 75 "Ministry pays for landings on the islands"
            "Both landings of the island ferry are to be raised by half a metre. The ministry pays two thirds of it, and the shipping \
             office the rest. The second ferry is to sail in summer, when most islanders and their guests travel.";
        "economy" [] 160 "Second ferry sails at last"
            "With flags at the mast the second ship left for the outer islands on Saturday. Sixty cars and two hundred islanders were \
             on board. The shipping office promises four sailings a day, and a ramp that fits every landing.";
    }
    "en" "lighthouse" of "harbour" {
        "culture" ["harbours"] 10 "Old lighthouse becomes a museum"
            "The lighthouse at the mouth of the harbour no longer guides anybody, but visitors may climb it from May on. Keepers' \
             families have lent lamps, logbooks and a brass horn. The lens, as tall as a man, stays where it is.";
        "society" [] 50 "A keeper's logbook tells of the storm"
            "In the museum's first room lies the logbook in which the last keeper of the lighthouse noted the great storm, hour by \
             hour. He lit the lamp by hand for three nights, for the lens had cracked.";
        "culture" ["harbours"] 95 "Lens of the lighthouse is mended"
            "A workshop of glassmakers has closed the crack in the great lens. The lamp behind it will be lit once a year, on the \
             keepers' day, says the museum. Ships are told beforehand, so that nobody steers by it.";
        "economy/trade" [] 150 "Forty thousand climb the lighthouse"
            "The museum in the old lighthouse had forty thousand visitors in its first summer. Most came for the lens and the view \
             over the harbour. The keepers' families now lead them up the stairs on Sundays.";
    }
    "en" "beetle" of "forest" {
        "environment" ["forests"] 5 "Bark beetle spreads in the spruce forest"
            "Foresters have found the bark beetle in a third of the traps they set in the spruce stands above the valley. Dry \
             summers have weakened the trees. They ask walkers to report spruces that lose their needles.";
        "economy/trade" [] 45 "Sawmills full of beetle timber"
            "Sawmills in the valley take no more spruce before autumn. The bark beetle has foresters fell in weeks what was meant \
             for years, and the price of the blue-stained timber has halved.";
        "politics/parliament" ["forests"] 90 "Deputies ask what is done against the beetle"
            "In question time deputies wanted to know how many spruces the bark beetle had killed, and why foresters were given so \
             few traps. The answer names ninety thousand trees, and money for mixed stands of beech and fir.";
        "environment" [] 170 "Beech and fir follow the spruce"
            "Where the bark beetle has left bare slopes, foresters plant beech, fir and rowan. Pupils set the first thousand saplings \
             above the valley. Spruce is to be one tree of five, so that the beetle never again finds whole stands of it.";
    }
    "en" "wolf" of "forest" {
        "environment" [] 15 "Wolves are back in the hills"
            "A camera has caught a pair of wolves with three cubs, the first in the hills for a hundred years. Biologists ask \
             shepherds to keep dogs with their flocks, and lend electric fences.";
        "economy/trade" ["forests"] 60 "Shepherds count their losses"
            "Eleven sheep were killed in one night, and shepherds blame the wolves. Biologists found tracks at one pasture and took \
             samples. Whoever had fences and dogs lost nothing.";
        "politics/government" [] 100 "Money for fences against wolves"
            "Shepherds get four fifths of what electric fences cost, and the whole price of a trained dog. The ministry wants wolves \
             and flocks to live in the same hills. Cubs may not be hunted.";
        "society" ["forests"] 140 "A village meets its wolves"
            "Three hundred people came to hear the biologists speak of the pack in the hills. The cubs have left, one was seen across \
             the border. Shepherds with dogs were asked most of all.";
    }
    "ru" "metro" of "транспорт" {
        "economy" ["transport"] 0 "Метростроители прошли под рекой"
            "Проходческий щит закончил тоннель под рекой и вышел к будущей станции метро. Метростроители работали в три смены, вода \
             остановила щит лишь однажды. Поезда пойдут по тоннелю через два года.";
        "culture" [] 35 "Художники спорят о станции под рекой"
            "Для новой станции метро предложено двенадцать эскизов. Одни художники хотят мозаику с рыбами, другие голый бетон тоннеля. \
             Метростроители просят решить до осени, пока не начата отделка.";
        "politics/parliament" ["transport"] 80 "Депутаты добавили денег на тоннель"
            "Смета тоннеля под рекой выросла на шестую часть: метростроителям пришлось замораживать грунт. Депутаты согласились, но \
             потребовали открыть станцию метро в срок.";
        "society" [] 165 "Первый поезд прошел тоннель"
            "Без пассажиров, но с метростроителями в вагонах первый поезд метро прошел под рекой. На станции их ждала мозаика с рыбами. \
             Щит, который вел тоннель, поставят у входа.";
    }
    "ru" "tram" of "транспорт" {
        "society" [] 12 "Трамвай возвращается на набережную"
            "Рельсы, снятые сорок лет назад, снова лягут вдоль набережной. Трамвай свяжет вокзал с рынком, низкопольные вагоны уже \
             заказаны. Жители просят оставить липы, которые посадили на месте старых путей.";
        "economy" ["transport"] 55 "Завод показал низкопольный вагон"
            "На заводе собран первый вагон для трамвая на набережной: низкий пол, широкие двери, места для колясок. Еще одиннадцать \
             вагонов завод обещает к открытию линии.";
        "environment" [] 110 "Липы на набережной не тронут"
            "Ботаники осмотрели липы и нашли, как обойти корни: рельсы трамвая лягут на гравий, без бетона. Пересадят лишь семь деревьев. \
             Жители набережной назвали это победой.";
        "society" ["transport"] 155 "По набережной пошел трамвай"
            "Двенадцать низкопольных вагонов вышли на линию от вокзала до рынка. Первый день трамвай возил даром. Под липами на \
             набережной играл оркестр вагоновожатых.";
    }
    "tk" "garagum" of "suw" {
        "economy/trade" ["suw"] 0 "Gowaça meýdanlaryna täze ýap çekildi"
            "Çölüň gyrasynda gowaça meýdanlaryna otuz kilometrlik ýap çekildi. Ekskawatorlar üç aý işledi, ýabyň kenarlary daş bilen \
             berkidildi. Daýhanlar suwy bahar ekişinde alarlar.";
        "environment" [] 38 "Alymlar ýabyň suwuny ölçeýärler"
            "Täze ýapda suwuň näçesiniň ýere siňýändigini alymlar ölçeýärler. Daş berkidilen kenarlarda ýitgi dört esse az. Gowaça \
             meýdanlarynda damjalaýyn suwaryş hem synag edilýär.";
        "society" ["suw"] 92 "Daýhanlar ýabyň başynda toý tutdular"
            "Suw ýaba goýberilen gün daýhanlar gazan atardylar. Ekskawatorçylara don ýapyldy. Gowaça ekişi indi ýagşa garaşmaz, diýip \
             ýaşulular aýtdylar, ýabyň kenaryna söwüt ekdiler.";
        "economy/trade" [] 158 "Täze ýap boýunda gowaça bol boldy"
            "Çölüň gyrasyndaky meýdanlarda gowaçanyň hasyly bir ýarym esse artdy. Daýhanlar muny ýabyň suwundan we damjalaýyn suwaryşdan \
             görýärler. Kenardaky söwütler hem gögerdi.";
    }
    "tk" "haly" of "haly" {
        "culture" ["halylar"] 7 "Muzeýe iki asyrlyk haly gowuşdy"
            "Haly muzeýine iki asyr ozal dokalan ak öýüň halysy sowgat berildi. Onuň göllerini ussalar ene-mama ýadyndan dikeldýärler. \
             Boýaglary marenadan we nar gabygyndan alnypdyr.";
        "economy" [] 52 "Halyçylar tebigy boýaga dolanýarlar"
            "Halyçylar kärhanasynda ýüplük ýene marenadan we nar gabygyndan boýalýar. Ussalar muzeýdäki köne halylaryň reňkini nusga \
             aldylar. Tebigy boýagly halynyň bahasy iki esse ýokary.";
        "society" ["halylar"] 105 "Ussa halyçy şägirt ýetişdirýär"
            "Ýetmiş ýaşly ussa halyçy on iki gyza göl çitmegi öwredýär. Şägirtleriň ilkinji halysy muzeýde görkeziler. Ýüplügi özleri \
             boýadylar, marenany bagda ekdiler.";
        "culture" [] 149 "Şägirtleriň halysy muzeýde"
            "On iki şägirdiň bir ýylda dokan halysy muzeýiň zalynda asyldy. Gölleri iki asyrlyk halydan alnan, boýagy maren we nar. \
             Ussa halyçy: indi ellerim rahat, diýdi.";
    }
};
