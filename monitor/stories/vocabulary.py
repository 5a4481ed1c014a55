"""The words that `words` knows, as plain lists in English, Ukrainian, Russian and Polish; a line may go on indented."""

# Places, each with its people, capital and government: two reports that name different ones seldom tell one event.
PLACES = """
ukraine ukrainian kyiv kiev україна український київ україни украина украинский киев украины ukraina ukraiński kijów
  ukrainy
russia russian moscow kremlin росія російський москва кремль росії россия российский москва рф россии rosja rosyjski
  moskwa kreml rosji
usa american america washington сша америка американський вашингтон американский usa ameryka amerykański waszyngton
uk britain british london britons британія британський лондон британія великобритания британский лондон brytania
  brytyjski londyn
poland polish warsaw польща польський варшава польша польский варшава polska polski warszawa polsce
germany german berlin німеччина німецький берлін германия немецкий берлин niemcy niemiecki berlin
france french paris франція французький париж франция французский париж francja francuski paryż
china chinese beijing китай китайський пекін китайский пекин chiny chiński pekin
turkey turkish türkiye turkiye ankara туреччина турецький анкара турция турецкий анкара turcja turecki
hungary hungarian budapest угорщина угорський будапешт венгрия венгерский węgry węgierski budapeszt
romania romanian bucharest румунія румунський бухарест румыния румынский rumunia rumuński
moldova moldovan chisinau молдова молдовський кишинів молдавия молдавский mołdawia
belarus belarusian minsk білорусь білоруський мінськ беларусь белоруссия белорусский минск białoruś białoruski mińsk
lithuania lithuanian vilnius литва литовський вільнюс литовский вильнюс litwa litewski wilno
latvia latvian riga латвія латвійський рига латвия латвийский łotwa łotewski
estonia estonian tallinn естонія естонський таллінн эстония эстонский таллин estoński
finland finnish helsinki фінляндія фінський гельсінкі финляндия финский хельсинки finlandia fiński
sweden swedish stockholm швеція шведський стокгольм швеция шведский szwecja szwedzki
norway norwegian oslo норвегія норвезький осло норвегия норвежский norwegia norweski
denmark danish copenhagen danes данія данський копенгаген дания датский dania duński
netherlands dutch holland hague нідерланди нідерландський нидерланды нидерландский голландия holandia holenderski
belgium belgian бельгія бельгійський бельгия бельгийский belgia belgijski
spain spanish madrid іспанія іспанський мадрид испания испанский hiszpania hiszpański
italy italian rome італія італійський рим италия итальянский włochy włoski rzym
czech czechia prague чехія чеський прага чехия чешский czechy czeski
slovakia slovak bratislava словаччина словацький словакия словацкий słowacja słowacki
bulgaria bulgarian sofia болгарія болгарський болгария болгарский bułgaria
serbia serbian belgrade сербія сербський сербия сербский белград serbski
greece greek athens греція грецький афіни греция греческий grecja grecki
switzerland swiss geneva швейцарія женева швейцария женева szwajcaria genewa
austria austrian vienna австрія австрійський відень австрия вена austriacki wiedeń
japan japanese tokyo японія японський токіо япония японский токио japonia japoński
india indian delhi індія індійський индия индийский indyjski
iran iranian tehran іран іранський тегеран иран иранский iranu irański
israel israeli jerusalem ізраїль ізраїльський израиль израильский izrael izraelski
gaza gazy
syria syrian damascus сирія сирійський дамаск сирия сирийский дамаск syryjski
iraq iraqi baghdad ірак іракський ирак иракский irak
lebanon lebanese beirut ліван бейрут ливан ливанский liban
saudi riyadh саудівський саудовский ер-ріяд эр-рияд saudyjski arabia
qatar qatari doha катар доха катарский katar
emirates uae dubai емірати оае эмираты оаэ emiraty
egypt egyptian cairo єгипет каїр египет каир египетский egipt
korea korean seoul pyongyang корея кндр корейський корейский korea koreański
venezuela venezuelan caracas венесуела венесуэла венесуэльский wenezuela
brazil brazilian бразилія бразилия бразильский brazylia
mexico mexican мексика мексиканський мексиканский meksyk
canada canadian ottawa канада канадський канадский kanada kanadyjski
cuba cuban havana куба havana
pakistan pakistani islamabad пакистан пакистанский
bangladesh bangladeshi dhaka бангладеш дакка
afghanistan afghan kabul taliban афганістан афганистан кабул талибан
australia australian canberra sydney австралія австралия
taiwan taiwanese taipei тайвань tajwan
philippines philippine manila філіппіни филиппины
indonesia indonesian jakarta індонезія индонезия
vietnam vietnamese hanoi вєтнам вьетнам wietnam
thailand thai bangkok таїланд таиланд
nigeria nigerian abuja нігерія нигерия
sudan sudanese khartoum судан
africa african африка африканский
kazakhstan kazakh astana казахстан
georgia georgian tbilisi грузія грузия тбилиси gruzja
armenia armenian yerevan вірменія армения ереван
azerbaijan azerbaijani baku азербайджан баку
kharkiv kharkov харків харьков charków
odesa odessa одеса одесса
dnipro dnepr dnipropetrovsk дніпро днепр
zaporizhzhia zaporizhia zaporozhye zaporizhzhya запоріжжя запорожье zaporoże
kherson херсон chersoń
donetsk donbas donbass донецьк донецк донбас донбасс donieck
luhansk lugansk луганськ луганск
crimea crimean крим крым кримський крымский krym
lviv lvov львів львов lwów
kursk курськ курск
belgorod бєлгород белгород
petersburg петербург петербурґ
baltic балтійський балтийский балтика bałtyk
alaska аляска
"""

# One thing under all the names headlines give it. One form of a word is enough unless its stem changes.
SAME = """
drone uav uas unmanned дрон безпілотник бпла беспилотник шахед shahed bezzałogowiec
down intercept shoot neutralize neutralise destroy repel збила збито знищила перехопила знешкодила сбила сбиты сбили
  уничтожила перехватила zestrzelił zestrzelono
attack strike hit pound target assault атака атакувала удар обстріл вдарила ударила обстрел нанесла atak uderzył
  ostrzał
kill die fatal slain загинув загинули вбито погиб погибли убиты zginął zabity zabił
wound injure hurt injury поранено поранення постраждали ранены пострадали ranny rannych
missile rocket ракета ракетний ракетный rakieta pocisk
plane planes aircraft jet warplane fighter airplane літак літаки винищувач самолет истребитель samolot myśliwiec
troop soldier serviceman servicemen servicewoman військовослужбовець солдат військові військовий военнослужащий
  военные żołnierz wojskowy
prisoner pow captive полонений військовополонений пленный военнопленный jeniec
swap exchange обмін обмен wymiana
ceasefire truce armistice перемир'я перемирие rozejm
peace мир мирний мирный pokój pokojowy
talk negotiation negotiate negotiator переговори переговоры rozmowy negocjacje
meet summit meeting зустріч зустрівся встреча встретился саміт саммит spotkanie szczyt
plan proposal propose framework план пропозиція предложение propozycja
agree accept accord згода погодився погодилась согласие согласился zgoda zgodził
deal agreement agreements pact угода сделка соглашение договір договор umowa porozumienie
approve endorse back pass схвалив ухвалив одобрил zatwierdził
reject refuse deny dismiss rebuff відкинув відмовився отверг отказался отказ odrzucił
cede concede surrender concession поступки поступитись уступка ustępstwa
land territory territorial територія територіальний територіальні территория территориальный terytorium
security безпека безпековий безопасность bezpieczeństwo
guarantee гарантія гарантії гарантия gwarancja
sanction санкція санкції санкция sankcja
tariff duty мито мита пошлина cło
oil petroleum crude нафта нафтовий нефть нефтяной ropa
gas газовий gaz
refinery нпз рафінерія rafineria
pipeline трубопровід нафтопровід газопровід трубопровод нефтепровод газопровод rurociąg
tanker танкер tankowiec
loan credit кредит позика pożyczka kredyt
aid assistance help помощь допомога pomoc
package tranche пакет транш pakiet
pledge allocate earmark виділяє виділила виділить надасть передасть выделит выделила передаст przekaże przeznaczy
krone kroner krona kronor крона крон крони кроны korona koron
interceptor перехоплювач перехватчик
weapon arm munition зброя озброєння оружие вооружение broń
army military force armed армія збройні армия вооруженные armia
airspace
breach violate violation incursion violating порушила порушення нарушила нарушение naruszył naruszenie
airport аеропорт аэропорт lotnisko
border frontier кордон граница granica
close shut закрив закрили закрыл zamknął zamknęła
blast explosion explode bomb вибух підрив взрыв подрыв eksplozja wybuch
fire blaze ablaze burn пожежа загорівся пожар загорелся pożar
resign quit відставка звільнився отставка ушел dymisja
arrest detain detention затримали заарештували задержали арестовали zatrzymano aresztowano
search raid обшук обыск przeszukanie
court judge tribunal суд суддя судья sąd sędzia
ban outlaw blacklist prohibit bar заборонив заборона запретил запрет zakazał zakaz
undesirable небажаний нежелательный
buy purchase acquire купівля придбати купить покупка zakup
send deploy dispatch відправить отправит wyśle
supply deliver delivery постачання поставка dostawa
hike raise boost increase підвищив повысил podniósł
call urge demand закликав призвал wezwał
say tell claim announce declare state report reveal заявив сказав повідомив оголосив заявил сказал сообщил объявил
  powiedział oświadczył ogłosił
president presidential президент prezydent
minister ministry міністр міністерство министр министерство minister ministerstwo
election vote poll вибори выборы wybory
parliament lawmaker парламент рада депутат дума parlament sejm
leader chief head boss лідер голова глава лидер lider szef
aide aides adviser advisor радник советник doradca
envoy emissary спецпосланець посланник спецпосланник wysłannik
delegation team делегація делегация delegacja
letter лист письмо list
visit trip візит визит wizyta
phone telephone дзвінок розмова разговор звонок rozmowa
threat threaten погроза погрожує угроза угрожает groźba
warn warning попередив попередження предупредил ostrzegł
quake earthquake землетрус землетрясение trzęsienie
child kid minor діти дитина дети ребенок dziecko
ally partner союзник партнер sojusznik
nato otan нато
eu european europe брюссель європа європейський єс ес евросоюз европа европейский brussels unia europejski bruksela
un оон onz
trump трамп
putin путін путин
zelensky zelenskyy zelenskiy zelenskyi зеленський зеленский zełenski
witkoff віткофф уиткофф
kushner кушнер
rubio рубіо рубио
vance венс вэнс
lavrov лавров ławrow
peskov пєсков песков pieskow
yermak єрмак ермак jermak
umerov умєров умеров
macron макрон
merz мерц
starmer стармер
orban орбан
rutte рютте
erdogan ердоган эрдоган
lukashenko lukashenka лукашенко łukaszenka
plead plea
charge indict accusation обвинувачення підозра обвинение обвинения zarzut zarzuty
extradite extradition екстрадиція екстрадиції экстрадиция экстрадиции ekstradycja ekstradycję
expel expulsion вислати видворити выслать выдворить wydalić wydala
summon викликати викликала вызвать вызвала wezwała
arrive arrival прибув прибула прибыл прибыла przybył przyleciał
sentence convict вирок засудили приговор осудили wyrok skazany
retaliate retaliation відповість відплата ответит возмездие odwet
slam mock criticize criticise condemn denounce lambast
overnight nighttime night ніч вночі ночь ночью noc
open відкрив открыл otworzył
city місто город miasto
region oblast область регіон регион obwód
murder вбивство убийство zabójstwo
dozen десяток dziesiątki
working_group
balloon аеростат метеозонд balon
sabotage диверсія диверсия sabotaż dywersja
rail railway train залізниця поїзд поезд kolej pociąg
nuclear ядерний ядерный nuklearny jądrowy
power energy electricity grid енергетика енергосистема энергетика энергосистема energetyka energia
"""

# What a stream of politics and war uses all day, the most common first.
EVERYDAY = """
ukraine russia trump say us
attack kill putin zelensky plan peace war eu president nato drone talk minister deal china israel gaza india uk army
agree meet missile call leader city security state new court fire oil call send region power warn official government
day week year country world man woman group two three first person time amid after top back public big high plan
police end case company house news market price stock share trade rate bank school family home life work child
  election
party vote law bill rights hold make take give seek face set get see hope win lose help need want show tell find cut
  lead
rise fall open close start keep turn move come visit near east south north west major former next last million billion
  percent
international foreign national global economy economic political military civilian airport border defence defense
  policy
ally envoy threat land force support statement key latest live update part ready against media night overnight
франція польща німеччина сша україна росія мир война війна гарантія президент міністр безпека область
"""

FUNCTION_WORDS = """
a an the and or but nor of in on at to for from by with without into onto over under as is are was were be been being
it its he his she her they their them we our you your i my me this that these those there here than then so not no
if when while who whom whose which what where why how will would could can may might must shall should has have had
do does did about after before during between against out up off all any some more most just also only even still
yet again amid per via vs s t re ll ve d m і й та або але в у на з із зі до від за по про при під над між через для
без як що щоб це цей ця ці той те ті він вона вони воно ми ви я його її їх їм нам вам не ні так є був була було були
буде вже ще лише тільки чи якщо и или но с со к ко от о об под между как что чтобы это этот эта эти тот он она они
оно мы вы его ее их им ни да есть был была было были будет уже еще лишь только ли если из же бы oraz lub ale w na z
ze od za po o przy pod nad przez dla bez jak co ten ta te ona oni nie tak jest był była było byli będzie już jeszcze
tylko czy jeśli że się
"""
