"""The names of weekdays and months in the languages that people write hours in.

Source: Unicode CLDR (wide forms; for the nearest languages the short ones too), lower case,
without final dots. Words that mean two different days or months are left out, but ``mar``: the
month of OSM's grammar (``lexer`` reads it as mardi among French days).
"""

from __future__ import annotations

# Monday first, "|" between the days
WEEKDAYS = """
monday mon lundi lun montag lunes lunedì segunda seg maandag dilluns mandag måndag
maanantaina maanantai poniedziałek pondělí pondelok hétfő luni ponedjeljak
ponedeljek esmaspäev pirmdiena pirmadienis pazartesi δευτέρα понедельник пн
понеділок понеделник понедељак שני الاثنين دوشنبه सोमवार วันจันทร์ ორშაბათი
երկուշաբթի 月曜日 星期一 周一 월요일 senin astelehena diluns mánudagur lund | tuesday tue mardi
dienstag martes martedì terça ter dinsdag dimarts tirsdag tisdag tiistaina tiistai
wtorek úterý utorok kedd marți utorak torek teisipäev otrdiena antradienis salı
τρίτη вторник вт вівторок уторак שלישי الثلاثاء سه‌شنبه मंगलवार วันอังคาร სამშაბათი
երեքշաբթի 火曜日 星期二 周二 화요일 selasa asteartea dimars þriðjudagur tues terca | wednesday
wed mercredi mer mittwoch miércoles mié mercoledì quarta qua woensdag dimecres
onsdag keskiviikkona keskiviikko środa středa streda szerda miercuri srijeda sreda
kolmapäev trešdiena trečiadienis çarşamba τετάρτη среда ср середа сряда רביעי
الأربعاء چهارشنبه बुधवार วันพุธ ოთხშაბათი չորեքշաբթի 水曜日 星期三 周三 수요일 rabu asteazkena
mercʼher dimècres miðvikudagur weds miercoles | thursday thu jeudi jeu donnerstag
jueves jue giovedì gio quinta qui donderdag dijous torsdag torstaina torstai
czwartek čtvrtek štvrtok csütörtök joi četvrtak četrtek neljapäev ceturtdiena
ketvirtadienis perşembe πέμπτη четверг чт четвер четвъртък четвртак חמישי الخميس
پنجشنبه गुरुवार วันพฤหัสบดี ხუთშაბათი հինգշաբթի 木曜日 星期四 周四 목요일 kamis osteguna yaou
dijòus fimmtudagur thur thurs | friday fri vendredi ven freitag viernes vie venerdì
sexta sex vrijdag divendres fredag perjantaina perjantai piątek pátek piatok péntek
vineri petak petek reede piektdiena penktadienis cuma παρασκευή пятница пт пʼятниця
петък петак שישי الجمعة جمعه शुक्रवार วันศุกร์ პარასკევი ուրբաթ 金曜日 星期五 周五 금요일 jumat
ostirala gwener föstudagur | saturday sat samedi sam samstag sábado sáb sabato sab
zaterdag dissabte lørdag lördag lauantaina lauantai sobota szombat sâmbătă subota
laupäev sestdiena šeštadienis cumartesi σάββατο суббота сб субота събота שבת السبت
شنبه शनिवार วันเสาร์ შაბათი շաբաթ 土曜日 星期六 周六 토요일 sabtu larunbata sadorn laugardagur
sonnabend sabado | sunday sun dimanche dim sonntag domingo dom domenica zondag
diumenge søndag söndag sunnuntai niedziela neděle nedeľa vasárnap duminică nedjelja
nedelja pühapäev svētdiena sekmadienis pazar κυριακή воскресенье вс неділя неделя
недеља ראשון الأحد یکشنبه रविवार วันอาทิตย์ კვირა կիրակի 日曜日 星期日 周日 일요일 minggu
igandea sul dimenge sunnudagur
"""

# January first
MONTHS = """
january jan janvier janv januar enero ene gennaio gen janeiro januari gener
tammikuuta tammikuu stycznia styczeń ledna leden januára január ianuarie siječnja
siječanj jaanuar janvāris sausio sausis ocak ιανουαρίου ιανουάριοσ января янв январь
січня січень януари јануар ינואר يناير ژانویهٔ ژانویه जनवरी มกราคม იანვარი հունվարի
հունվար 一月 urtarrila genver genièr janúar jänner | february feb février févr februar
febrero febbraio fevereiro fev februari febrer helmikuuta helmikuu lutego luty února
únor februára február februarie veljače veljača veebruar februāris vasario vasaris
şubat φεβρουαρίου φεβρουάριοσ февраля февр февраль лютого лютий февруари фебруар
פברואר فبراير فوریهٔ فوریه फ़रवरी กุมภาพันธ์ თებერვალი փետրվարի փետրվար 二月 otsaila
cʼhwevrer febrièr febrúar fevrier feber | march mar mars märz mär marzo março maart
mrt març marts maaliskuuta maaliskuu marca marzec března březen marec március martie
ožujka ožujak märts kovo kovas mart μαρτίου μάρτιοσ марта мар март березня березень
מרץ مارس मार्च มีนาคม მარტი մարտի մարտ 三月 maret martxoa marz maerz | april apr avril
avr abril abr aprile huhtikuuta huhtikuu kwietnia kwiecień dubna duben apríla apríl
április aprilie travnja travanj aprill aprīlis balandžio balandis nisan απριλίου
απρίλιοσ апреля апр апрель квітня квітень април אפריל أبريل آوریل अप्रैल เมษายน
აპრილი ապրիլի ապրիլ 四月 apirila ebrel | may mai mayo maggio mag maio mei maig maj
toukokuuta toukokuu maja května květen mája máj május svibnja svibanj maijs gegužės
gegužė mayıs μαΐου μάιοσ мая май травня травень мај מאי مايو مهٔ مه मई พฤษภาคม მაისი
մայիսի մայիս 五月 maiatza mae maí | june jun juin juni junio giugno giu junho juny
kesäkuuta kesäkuu czerwca czerwiec června červen júna jún június iunie lipnja lipanj
junij juuni jūnijs birželio birželis haziran ιουνίου ιούνιοσ июня июн июнь червня
червень юни јун יוני يونيو ژوئن जून มิถุนายน ივნისი հունիսի հունիս 六月 ekaina
mezheven junh júní | july jul juillet juil juli julio luglio lug julho juliol
heinäkuuta heinäkuu lipca lipiec července červenec júla júl július iulie srpnja
srpanj julij juuli jūlijs liepos liepa temmuz ιουλίου ιούλιοσ июля июл июль липня
липень юли јул יולי يوليو ژوئیهٔ ژوئیه जुलाई กรกฎาคม ივლისი հուլիսի հուլիս 七月
uztaila gouere julhet júlí juill | august aug août agosto ago augustus agost augusti
elokuuta elokuu sierpnia sierpień srpna srpen augusta augusztus kolovoza kolovoz
avgust augusts rugpjūčio rugpjūtis ağustos αυγούστου αύγουστοσ августа авг август
серпня серпень אוגוסט أغسطس اوت अगस्त สิงหาคม აგვისტო օգոստոսի օգոստոս 八月 agustus
abuztua eost ágúst aout aou | september sep septembre sept septiembre settembre set
setembro setembre syyskuuta syyskuu września wrzesień září septembra szeptember
septembrie rujna rujan septembris rugsėjo rugsėjis eylül σεπτεμβρίου σεπτέμβριοσ
сентября сент сентябрь вересня вересень септември септембар ספטמבר سبتمبر سپتامبر
सितंबर กันยายน სექტემბერი սեպտեմբերի սեպտեմբեր 九月 iraila gwengolo | october oct
octobre oktober okt octubre ottobre ott outubro out lokakuuta lokakuu października
październik října říjen októbra október octombrie oktoober oktobris spalio spalis
ekim οκτωβρίου οκτώβριοσ октября окт октябрь жовтня жовтень октомври октобар אוקטובר
أكتوبر اکتبر अक्टूबर ตุลาคม ოქტომბერი հոկտեմբերի հոկտեմբեր 十月 urria here octòbre |
november nov novembre noviembre novembro marraskuuta marraskuu listopadu novembra
noiembrie studenoga studeni novembris lapkričio lapkritis kasım νοεμβρίου νοέμβριοσ
ноября нояб ноябрь листопада листопад ноември новембар נובמבר نوفمبر نوامبر नवंबर
พฤศจิกายน ნოემბერი նոյեմբերի նոյեմբեր 十一月 azaroa nóvember | december dec décembre
déc dezember dez diciembre dic dicembre dezembro desembre desember joulukuuta
joulukuu grudnia grudzień prosince prosinec decembra decembrie prosinca prosinac
detsember decembris gruodžio gruodis aralık δεκεμβρίου δεκέμβριοσ декабря дек
декабрь грудня грудень декември децембар דצמבר ديسمبر دسامبر दिसंबर ธันวาคม
დეკემბერი դեկտեմբերի դեկտեմբեր 十二月 abendua kerzu decembre
"""
