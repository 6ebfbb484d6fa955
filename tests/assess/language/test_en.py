"""What the English word list sees: protected conduct as authorities word it, and ordinary crimes beside it.

The sentences are invented. Several tellings of one conduct stand together: plain police English, and the
stiff English of a translated ministry letter. The crimes carry what must not mislead: a journalist, a
church, a protest, a gay victim, a human-rights organisation.
"""

from __future__ import annotations

import pytest

from habeas.assess.narrative import Kind, Narrative, read_narrative

MENTION = 1  # weight of a word that only says what the story is set in

PROTECTED = [
    (
        "The accused uploaded a clip in which he mimics the Sultan and uses words unbefitting the throne.",
        "insult-of-authority",
    ),
    (
        "It is alleged that, by a comment under a news item, the citizen offended the person of "
        "the Head of State in a manner that departs from respect.",
        "insult-of-authority",
    ),
    (
        "On 4 March the suspect wrote on his wall that the President is a liar and ought to be ashamed.",
        "insult-of-authority",
    ),
    (
        "A video was circulated wherein the Chief Minister was compared with a dancing bear in a "
        "derogatory fashion.",
        "insult-of-authority",
    ),
    (
        "The suspect publicly in indecent form expressed himself about a representative of "
        "authority, the chairman of the district administration, in a group of 300 members.",
        "insult-of-authority",
    ),
    ("Criminal libel: the blogger described the Senator as a crook in three posts.", "insult-of-authority"),
    (
        "The suspect disseminated unverified news that cholera had reached the capital, causing "
        "panic among citizens.",
        "falsehood-about-public-matters",
    ),
    (
        "A user propagated fabricated claims concerning the health of the President.",
        "falsehood-about-public-matters",
    ),
    (
        "The page published misleading statements on the number of victims of the earthquake, "
        "contrary to official figures.",
        "falsehood-about-public-matters",
    ),
    (
        "In his videos the accused systematically criticises the policy of the Government and "
        "expresses dissatisfaction with rising prices.",
        "criticism",
    ),
    (
        "The subject posted remarks blaming the ministers for the flood and calling on them to step down.",
        "criticism",
    ),
    ("He accused the governor in an interview of having built villas with relief money.", "criticism"),
    (
        "The publication tends to excite disaffection against the Government established by law.",
        "publication-against-order",
    ),
    (
        "His lectures and posts undermine national unity and stir up hostility between classes.",
        "publication-against-order",
    ),
    (
        "The song's words are prejudicial to the maintenance of public tranquillity, it was "
        "uploaded on 1 May.",
        "publication-against-order",
    ),
    ("The suspect, spokesman of the dissolved party, conducts agitation from exile.", "opposition-politics"),
    (
        "He is the campaign chief of a presidential candidate and organised an illegal structure "
        "of supporters of the opposition.",
        "opposition-politics",
    ),
    (
        "The so-called transitional council abroad, of which she is a member, calls for the "
        "overthrow of the government.",
        "subversion-by-words",
    ),
    (
        "By a message to a group of 60 he invited people to gather in front of the municipality "
        "without a permit.",
        "call-to-assemble",
    ),
    ("The accused held a one-person picket with a blank sheet of paper near the metro.", "call-to-assemble"),
    (
        "Students marched to the ministry and chanted slogans, which constitutes participation "
        "in an unlawful assembly.",
        "call-to-assemble",
    ),
    (
        "The reporter published an article on the purchase of helicopters by the Ministry.",
        "journalism-charge",
    ),
    (
        "An online portal without accreditation interviewed families of arrested persons and "
        "broadcast the footage.",
        "journalism-charge",
    ),
    (
        "The editor of the weekly newspaper is charged with harming the national interest by a "
        "series of articles.",
        "journalism-charge",
    ),
    ("A clerk copied the ministry's internal memoranda and passed them to a newspaper.", "disclosure-charge"),
    (
        "The former auditor disclosed confidential documents concerning tax agreements, which "
        "were published by an international consortium.",
        "disclosure-charge",
    ),
    (
        "The nurse is charged with breach of official secrecy because she gave a journalist the "
        "figures of deaths in the ward.",
        "disclosure-charge",
    ),
    (
        "A student found that the electoral portal showed every voter's record if the number in "
        "the address was changed, and published this finding.",
        "security-research",
    ),
    (
        "The suspect discovered a vulnerability in the tax application and described it at a "
        "security conference.",
        "research-word",
    ),
    (
        "After reporting the flaw to the operator without answer, the security researcher "
        "published a proof of concept.",
        "security-research",
    ),
    ("A meme showing the King as a duck was posted on a satirical page.", "satire-charge"),
    ("The comedian mocked the Minister in a stand-up show uploaded on 3 June.", "satire-charge"),
    ("The cartoonist depicted the ruling family as crows.", "satire-charge"),
    ("The rapper released a track whose lyrics glorify disobedience and insult the state.", "art-charge"),
    (
        "A theatre director staged a play which the experts consider as justification of terrorism.",
        "art-charge",
    ),
    ("The painter exhibited works offensive to public morals.", "art-charge"),
    (
        "The director of the non-governmental organisation accepted foreign grants without registration.",
        "defender-charge",
    ),
    (
        "The human rights centre submitted reports to the United Nations discrediting the State.",
        "defender-charge",
    ),
    (
        "She monitored the elections as an observer for a civic movement and published a report "
        "on irregularities.",
        "defender-charge",
    ),
    (
        "The defence lawyer of the detained activists spread false allegations of torture in interviews.",
        "lawyer-charge",
    ),
    ("We request the complete correspondence of the advocate with his clients.", "lawyer-charge"),
    (
        "Counsel for the defendants published details of the closed trial on social media, "
        "thereby insulting the judiciary.",
        "lawyer-charge",
    ),
    (
        "The accused held prayer meetings in her flat without registration and distributed "
        "religious literature.",
        "belief-charge",
    ),
    (
        "He preached the gospel to minors and attempted to convert villagers, contrary to the "
        "law on religion.",
        "belief-charge",
    ),
    (
        "The believers continued the activity of the banned Jehovah's Witnesses organisation by "
        "watching sermons online.",
        "belief-charge",
    ),
    (
        "A post denying the existence of God and mocking the Prophet was written by the suspect.",
        "blasphemy-charge",
    ),
    ("He is accused of apostasy for statements made in a video.", "blasphemy-charge"),
    ("The comment hurt the religious feelings of the community by ridiculing a deity.", "blasphemy-charge"),
    (
        "Two adult males met by means of an application and committed acts against the order of nature.",
        "same-sex-charge",
    ),
    ("The page carried out propaganda of non-traditional sexual relations among minors.", "same-sex-charge"),
    (
        "The suspect dressed in women's clothes and danced as a drag queen in a private club.",
        "same-sex-charge",
    ),
    ("The woman appeared without hijab in a dance video, violating public decency.", "morality-charge"),
    (
        "She called on other women to remove the veil and published a photograph with uncovered hair.",
        "women-charge",
    ),
    ("The influencer's clips with indecent dance moves offend family values.", "morality-charge"),
    ("She ordered mifepristone on the internet and ended her pregnancy.", "reproductive-charge"),
    ("The mother procured abortion pills for her daughter.", "reproductive-charge"),
    ("The doctor performed a clandestine abortion in the fourteenth week.", "reproductive-charge"),
    (
        "He taught the Kurdish language in an association and shared songs of the separatists.",
        "minority-charge",
    ),
    ("The Uyghur student published posts on culture which incite separatism.", "minority-charge"),
    (
        "The indigenous leader called for a blockade against the concession on ancestral lands.",
        "minority-charge",
    ),
    ("The chairman of an independent trade union called a strike at the refinery.", "union-activity"),
    ("Garment workers under the union leader stopped work demanding wages.", "union-activity"),
    ("The nurses' strike committee coordinated through a chat.", "union-activity"),
    (
        "He transferred 12 dollars to the fund of an extremist organisation which defends prisoners.",
        "donation-charge",
    ),
    ("Donors to the bail fund of the demonstrators are to be identified.", "donation-charge"),
    (
        "She collected money for the families of political prisoners, which is financing of extremism.",
        "donation-charge",
    ),
    (
        "Volunteers who brought food and water to migrants at the border are accused of "
        "facilitating illegal entry.",
        "aid-charge",
    ),
    ("The doctor treated wounded protesters and is accused of aiding terrorists.", "aid-charge"),
    ("Parcels to prisoners were organised by a group recognised as an extremist formation.", "aid-charge"),
    (
        "The professor published research on repression which distorts the history of the State.",
        "academic-charge",
    ),
    (
        "The historian denied in a book the official version and thereby discredited the army.",
        "academic-charge",
    ),
    (
        "The academic signed a petition with other scholars calling for peace, which constitutes propaganda.",
        "academic-charge",
    ),
    ("Use of the encrypted application ByLock shows membership of the organisation.", "tool-as-guilt"),
    ("He sold VPN services without a licence enabling access to prohibited resources.", "tool-as-guilt"),
    (
        "The suspect distributed software to circumvent censorship and published instructions.",
        "tool-as-guilt",
    ),
    (
        "The accused is said to have laughed at the national anthem in a clip and to have turned "
        "her back to the flag.",
        "insult-in-public",
    ),
    (
        "It is imputed to him that he reposted a statement of a banned channel concerning the "
        "shelling of the town by our army.",
        "membership-charge",
    ),
    (
        "The page administrator allowed comments in which the monarchy is called useless.",
        "insult-of-authority",
    ),
    (
        "The suspect carried out explanatory work among the youth in favour of the boycott of the election.",
        "call-to-assemble",
    ),
    (
        "Through her podcast she gave the floor to persons residing in exile who speak ill of "
        "the leadership.",
        "criticism",
    ),
    (
        "The accused, a Shiite cleric, delivered Friday sermons containing implicit criticism of the rulers.",
        "criticism",
    ),
    (
        "He is a member of the editorial team of a website that the communications authority has blocked.",
        "journalism-charge",
    ),
    ("She kissed another woman in a photograph that was posted to her followers.", "same-sex-charge"),
    (
        "The suspects lodged a complaint with the special rapporteur and provided foreign "
        "diplomats with lists of detainees.",
        "defender-charge",
    ),
    (
        "The doctor told a television station that oxygen had run out, which caused alarm.",
        "publication-against-order",
    ),
    (
        "An engineer informed the newspaper that safety tests of the reactor had been falsified.",
        "journalism-charge",
    ),
    (
        "The utterances of the member of parliament at two meetings led citizens to doubt the "
        "legitimacy of the vote and gave rise to unrest in the district.",
        "criticism",
    ),
    (
        "The accused, a senator elected on the list of the dissolved party, opened hearings on "
        "deaths in police custody and sent a letter to foreign parliaments.",
        "opposition-politics",
    ),
    (
        "The programme presented by the accused provoked distrust of the authorities among "
        "listeners in the border province.",
        "publication-against-order",
    ),
    (
        "As mayor of the town the accused let the council hall be used for an assembly at which "
        "citizens petitioned the King for reforms.",
        "criticism",
    ),
    (
        "A nurse told a newspaper that the hospital had no oxygen; her statement caused indignation"
        " among the population.",
        "publication-against-order",
    ),
    (
        "The accused, a physician, gave first aid to persons wounded at the gathering and kept a "
        "register of their injuries, which he sent to foreign organisations.",
        "aid-charge",
    ),
    (
        "Father N., priest of the parish, read a pastoral letter from the pulpit in which the "
        "arrests were called unjust, and the faithful applauded the sermon.",
        "belief-charge",
    ),
    (
        "The monks walked in silence to the governor's office with empty sheets of paper and lit "
        "candles before the gate.",
        "assembly-without-permit",
    ),
    (
        "The president of the teachers' association invited colleagues to stay at home until "
        "arrears of wages were paid.",
        "union-activity",
    ),
    (
        "In the possession of the accused were papers of the ministry which he had received from "
        "officials shortly before his article appeared.",
        "disclosure-charge",
    ),
    (
        "The income of the accused consists of honoraria from foreign newspapers, for which he has "
        "no accreditation.",
        "journalism-charge",
    ),
    (
        "The Agency asks for the names of those who supplied images of the flooded villages and of "
        "the officials who furnished information.",
        "asks-for-press-contacts",
    ),
    (
        "We request the names of all who attended the lecture, of those who asked questions and of "
        "the persons who signed the attendance list.",
        "asks-for-supporters",
    ),
    (
        "The fund of the association received grants from a foreign foundation and paid the "
        "lawyers' fees of detained students.",
        "donation-charge",
    ),
    (
        "The suspects, a baker and his wife, gave food, dry clothes and shelter to foreigners who "
        "had crossed the forest and drove a feverish child to a doctor.",
        "aid-charge",
    ),
    (
        "The crew of the association's ship took on board persons from a drifting boat off Libya "
        "and brought them to port without waiting for the authorities.",
        "aid-charge",
    ),
    (
        "The convict insists on her faith and was given three days to return to the religion of her father.",
        "blasphemy-charge",
    ),
    (
        "Two men were found in a rented room; messages on their telephones show an inclination "
        "contrary to nature.",
        "same-sex-charge",
    ),
    (
        "The accused reported to the bank's head office that loans had gone to relatives of the "
        "minister, and copied the minutes of the board in breach of banking secrecy.",
        "disclosure-charge",
    ),
    (
        "The suspect informed the ministry that its register of voters could be read by anyone "
        "without a password, and demonstrated this to a student newspaper.",
        "security-research",
    ),
    (
        "In his memorial the accused asked the United Nations committee to examine the treatment of"
        " the minority, by which he acted on instructions from abroad.",
        "minority-charge",
    ),
    (
        "The villagers' spokesman refused the survey of land for the dam and called upon neighbours"
        " to stand in the road.",
        "environment-charge",
    ),
]

CRIMES = [
    ("The gay man was lured to a park through a dating application and beaten to death.", "homicide"),
    (
        "A taxi driver was shot in the head and robbed of his takings during the night of the "
        "demonstrations.",
        "homicide",
    ),
    (
        "The father removed the child from the country contrary to a custody order and hides at "
        "an unknown place: international child abduction.",
        "kidnapping",
    ),
    ("The priest was kidnapped by armed men who sent a proof-of-life video.", "kidnapping"),
    ("The physician committed sexual acts on sedated patients.", "sexual_violence"),
    ("After a concert a singer sexually assaulted a fan in the dressing room.", "sexual_violence"),
    ("Live-streamed abuse of boys was ordered and paid by the suspect.", "child_abuse"),
    ("A teacher of religion exchanged pornographic images of minors over the internet.", "child_abuse"),
    (
        "The politician's intimate images were stolen and he was told to pay 5 bitcoin or they "
        "would be published.",
        "intimate_images",
    ),
    (
        "Faces of classmates were put on naked bodies by an undressing application and "
        "distributed, naked pictures of fourteen girls in all.",
        "intimate_images",
    ),
    (
        "Attackers exploited a vulnerability in the firewall, entered the network of a ministry "
        "and deployed ransomware.",
        "intrusion",
    ),
    (
        "The city's computers were infected with malware which locked the files and demanded monero.",
        "intrusion",
    ),
    ("By SIM swap the perpetrators took over the wallet of the victim.", "intrusion"),
    (
        "The electoral commission's website was flooded by a denial-of-service attack from a botnet.",
        "intrusion",
    ),
    (
        "The caller claimed to be a police officer and the victim was induced to hand over cash "
        "to a courier.",
        "fraud",
    ),
    (
        "Fraudsters impersonated the bank and persuaded the pensioner to move her savings to a safe account.",
        "fraud",
    ),
    (
        "The accused took possession of money of buyers by abuse of trust, promising shares in a "
        "building never built.",
        "fraud",
    ),
    (
        "Advertisements with the face of the President lured victims to a fake investment site, "
        "where they lost 7 million.",
        "fraud",
    ),
    (
        "The suspect, presenting himself as a journalist, won the trust of the complainant and "
        "obtained loans never repaid, a fraud.",
        "fraud",
    ),
    ("A gay man was deceived in a romance scam and lost 15,000 dollars.", "fraud"),
    ("Phishing messages in the name of the tax office collected card data of taxpayers.", "fraud"),
    (
        "Buyers paid for telephones on a marketplace but received boxes of stones, having been defrauded.",
        "fraud",
    ),
    ("During the riot several shops were looted, televisions and phones being stolen.", "theft"),
    ("Cars were stolen by relay attack and exported in containers.", "theft"),
    ("The monastery's van was used by smugglers to carry 90 kilos of hashish.", "drugs"),
    ("A rapper is suspected of financing the import of heroin.", "drugs"),
    ("Children were sold for forced begging.", "trafficking"),
    ("The smugglers charged 4,000 euros per person and the boat capsized, 60 drowned.", "trafficking"),
    (
        "An improvised explosive device went off near the editorial office of a newspaper, "
        "injuring nine; the bombing was claimed by militants.",
        "attack",
    ),
    (
        "The suspect swore allegiance to the Islamic State and bought chemicals for explosives "
        "to attack a parade.",
        "attack",
    ),
    ("Instructions for making detonators were exchanged with a minor.", "weapons"),
    ("A parcel bomb was sent to a politician.", "weapons"),
    ("A lesbian couple has been followed and threatened with death by a neighbour for months.", "stalking"),
    ("The complainant received death threats because she testified.", "stalking"),
    ("A bomb threat was sent to a polling station on election day.", "hoax"),
    ("The court building was evacuated because of a hoax call.", "hoax"),
    ("The warehouse was torched for the insurance sum.", "arson"),
    ("A refugee home was set on fire by four men.", "arson"),
    ("Militia killed forty-six villagers of an ethnic minority.", "war_crime"),
    ("The suspect took part in the genocide of 1994.", "war_crime"),
    ("A customs officer received bribes for releasing containers.", "money_offence"),
    ("Public funds of the hospital were embezzled by its treasurer.", "money_offence"),
    ("Homophobic threats to kill visitors of the pride parade were sent by a white supremacist.", "hatred"),
    (
        "The chat incited violence against Roma families, naming their addresses: calls for "
        "violence were followed by a pogrom.",
        "hatred",
    ),
    (
        "The kidnappers of data, so-called, demanded payment of 20 bitcoins from the clinic, an extortion.",
        "extortion",
    ),
    ("He threatened to release customer data unless a ransom was paid.", "extortion"),
    ("The transgender woman was assaulted and seriously injured at a bus stop.", "violence"),
    ("Shots were fired at the house of a judge, two persons were wounded.", "violence"),
    ("Fake job offers collected copies of identity cards from victims who were tricked.", "fraud"),
    ("Fraudulent subsidies were obtained for fictitious companies.", "fraud"),
    (
        "A woman of thirty-one, known as a campaigner for women's rights, was found dead in the "
        "boot of her car; the last call came from the number below.",
        "homicide",
    ),
    (
        "Two pedestrians perished when a delivery van was driven into the square on the day of the "
        "rally, and forty were taken to hospital.",
        "homicide",
    ),
    (
        "Thirteen men suffocated in a sealed container; the drivers had received instructions "
        "through the account named, paid per head.",
        "trafficking",
    ),
    (
        "The pastor's daughter aged nine was taken from the vehicle bringing her to school, and a "
        "voice message demanded two million for her release.",
        "kidnapping",
    ),
    (
        "A session was announced to customers three hours ahead, and what was to be done to the "
        "child before the camera was written by the paying viewers.",
        "child_abuse",
    ),
    (
        "Under the name of a girl of fourteen the suspect asked pupils of a church school for "
        "pictures and then demanded more, or he would send them to the teachers.",
        "extortion",
    ),
    (
        "Callers stated that they were officers of the anti-corruption commission and made a "
        "retired journalist hand over gold worth 90,000 euros to a courier.",
        "fraud",
    ),
    (
        "Forty-four bank accounts were opened in others' names with copies of identity cards "
        "collected by a sham recruitment agency.",
        "fraud",
    ),
    (
        "The shop took payment for prayer mats and calendars; nothing was delivered and the site "
        "disappeared after four weeks.",
        "fraud",
    ),
    (
        "The treasurer of the trade union transferred 300,000 dollars of the strike fund to his own"
        " account and spent it on holidays.",
        "fraud",
    ),
    (
        "The emails of the opposition party's treasurer were entered with a guessed password and "
        "two invoices altered, so that 70,000 euros went to an account in Vilnius.",
        "intrusion",
    ),
    (
        "Tokens worth nine million dollars were moved from the wallets of a charity within eleven "
        "minutes by use of a stolen signing key.",
        "intrusion",
    ),
    (
        "A device was left in a rucksack under the stage of the Pride festival; it was viable and "
        "was made safe by the army.",
        "weapons",
    ),
    (
        "The transformer unit was destroyed by an incendiary charge and 30,000 households were "
        "without power; a claim was posted under the name of a climate group.",
        "attack",
    ),
    (
        "Members of the group were told to burn the hostel with the migrants inside; windows were "
        "broken and a guard was stabbed.",
        "hatred",
    ),
    (
        "Eleven men lured homosexuals through a dating application to a car park, where they beat "
        "them and took their cards and telephones.",
        "violence",
    ),
    (
        "Vendors on an anonymised market sent pills with nitazene by letter; six customers aged "
        "between 17 and 24 died.",
        "drugs",
    ),
    (
        "An infant was sold for 8,000 dollars to a couple abroad, the mother having been told in "
        "the mission hospital that it had been stillborn.",
        "trafficking",
    ),
    (
        "Sixty workers, whose passports were withheld, were made to write to lonely men from a "
        "guarded compound and were beaten when they refused.",
        "trafficking",
    ),
    (
        "The director tipped his brother-in-law before the announcement of the merger, and shares "
        "were bought through an account opened a week earlier.",
        "fraud",
    ),
    (
        "The suspect drugged women at a student festival and violated them; the recordings were "
        "offered through the channel named.",
        "sexual_violence",
    ),
    (
        "The soldiers drove the villagers into the school and set it alight; the order was given in"
        " a voice message from the commander's number.",
        "arson",
    ),
    (
        "The tenants of eleven flats paid deposits to a person who presented himself as secretary "
        "of the imam's housing foundation; the flats did not exist.",
        "fraud",
    ),
    (
        "An elderly poet lost his life savings to callers who told him that his account was in "
        "danger and had him install a remote control program.",
        "fraud",
    ),
]

# Procedure, investigation and crime told without a kind of harm: nothing here is protected conduct.
PLAIN = [
    "The Office of the Attorney General presents its compliments and has the honour to request the "
    "assistance of your company.",
    "The request is made in conformity with article 18 of the Convention and respects human rights "
    "and fundamental freedoms.",
    "The President of the Criminal Chamber of the court has authorised the measure for a period of "
    "thirty days.",
    "The Ministry of Public Security of the Republic is the competent authority.",
    "Please provide subscriber information, log-in records and recovery e-mail of the account "
    "between 3 and 9 May.",
    "The suspect, a former bank employee, has been in pre-trial detention since March 2025.",
    "The case was widely reported in the press and the investigation is being conducted by the "
    "organised crime unit.",
    "The victim's lawyer has filed a civil claim for moral damage in the amount of 20,000 euros.",
    "By virtue of section 91 of the Code of Criminal Procedure you are kindly requested to furnish "
    "the particulars below.",
    "The suspect's wife stated as a witness that he left the house at 8 p.m. and returned with blood "
    "on his clothes.",
    "The user published an advertisement for a car that he did not own, and three buyers lost their "
    "deposits.",
    "Members of the group discussed the division of the stolen money in the chat.",
    "The State Attorney confirms that the offence is punishable with up to ten years' imprisonment.",
    "Two officers of the national police were killed when a bomb exploded at a checkpoint.",
    "The message sent to the Governor threatened to kill him and his children unless a prisoner was "
    "released.",
    "The minister's mailbox was accessed by means of a phishing page, and contracts were stolen and "
    "sold to a competitor.",
    "The perpetrators recorded the robbery of the supermarket and shared the video in a private group.",
    "The accused opened fire at a political rally and wounded the candidate.",
    "On the day of the election a box of ballots was set on fire at a polling station.",
    "The charity's treasurer transferred 300,000 dollars of donations to his own account and gambled "
    "them away.",
    "An imam was shot dead outside his mosque after Friday prayers.",
    "A transgender singer was found strangled in a hotel; her telephone and cards were missing.",
    "The accused deceived worshippers by collecting donations for a church that was never built.",
    "The student union's website was defaced and its database of members offered for sale.",
    "He met the child in an online game, told him not to inform his parents and asked for pictures.",
    "The smugglers beat migrants who could not pay and left two of them dead in the desert.",
    "The suspect administered a channel in which drivers for the transport of cocaine were recruited.",
    "The number was used by the caller who pretended to be an officer of the Central Bureau of "
    "Investigation and kept the retired teacher under digital arrest.",
    "The data of the journalist who was attacked are not requested.",
    "The demonstrators were attacked by hooligans with iron bars and eleven persons were injured.",
    "He threatened his former partner to post naked photographs of her on Facebook.",
    "The terrorist group that claimed the massacre published a video of the hostages.",
    "In the name of the prosecutor, false summonses were sent by e-mail containing malware.",
    "The lawyer was abducted from her office and a ransom of 200 million pesos was demanded.",
    "A police officer sold data from the vehicle register to a gang.",
    "The court interpreter was offered a bribe for altering the translation.",
    "The account advertised fake vaccination certificates for 100 euros each.",
    "The museum's director was deceived into paying for forged paintings.",
]

NEIGHBOURS = [
    ("post mortem", "The post mortem established the time.", "publish"),
    ("by virtue of", "By virtue of article 4 the office is competent.", "morality"),
    ("organised band", "The offence was committed in an organised band.", "artist"),
    ("the system", "He entered the system at night.", "authority"),
    ("separate", "A separate request will be made.", "subversion"),
    ("Discord", "They met on Discord.", "alarm"),
    ("threat actor", "The threat actor left a note.", "artist"),
    ("converted into", "The sum was converted into bitcoin.", "religion"),
    ("in good faith", "The buyer acted in good faith.", "religion"),
    ("peer-to-peer", "Files were shared on a peer-to-peer network.", "consensual_minors"),
    ("non-consensual", "The non-consensual recording was sold.", "consensual_minors"),
    ("autonomous system", "The address belongs to an autonomous system.", "ethnic"),
    ("unnatural death", "An unnatural death case was registered.", "lgbt"),
    ("solicitor", "The solicitor was present.", "ask"),
    ("vice versa", "He called her and vice versa.", "morality"),
    ("vigilance", "Thanks to the vigilance of the teller he was caught.", "protest"),
    ("defect", "The defects of the goods were hidden.", "exile"),
    ("secretariat", "The secretariat will answer.", "secrecy"),
    ("uncovered", "The inquiry uncovered a garage.", "women"),
    ("leak site", "The group runs a leak site.", "leak"),
    ("Homeland Security", "Homeland Security Investigations opened the file.", "authority"),
    ("affiliates", "The affiliates of the group shared the ransom.", "association"),
    ("lost his life savings", "He lost his life savings to a caller.", "homicide"),
    ("working hours", "The files were copied outside working hours.", "union"),
    ("persons deprived of liberty", "Persons deprived of liberty in the prison were heard.", "kidnapping"),
    ("was banned", "The seller was banned by the platform after complaints.", "association"),
    ("own supply", "She sent pills from her own supply.", "drugs"),
]


def protected(narrative: Narrative) -> dict[str, int]:
    return {signal.id: signal.weight for signal in narrative.of(Kind.PROTECTED)}


@pytest.mark.parametrize(("sentence", "signal"), PROTECTED)
def test_protected_conduct_is_seen_in_the_words_of_an_authority(sentence: str, signal: str) -> None:
    assert signal in protected(read_narrative({"facts": sentence}, "en"))


@pytest.mark.parametrize(("sentence", "harm"), CRIMES)
def test_an_ordinary_crime_is_seen_and_raises_no_protected_signal(sentence: str, harm: str) -> None:
    narrative = read_narrative({"facts": sentence}, "en")
    assert harm in narrative.concepts
    assert protected(narrative) == {}


@pytest.mark.parametrize("sentence", PLAIN)
def test_procedure_and_plain_crime_make_no_charge_of_protected_conduct(sentence: str) -> None:
    weights = protected(read_narrative({"facts": sentence}, "en")).values()
    assert max(weights, default=0) <= MENTION


@pytest.mark.parametrize(("word", "sentence", "concept"), NEIGHBOURS, ids=[entry[0] for entry in NEIGHBOURS])
def test_a_word_that_only_looks_alike_is_not_the_concept(word: str, sentence: str, concept: str) -> None:
    assert word.casefold() in sentence.casefold()
    assert concept not in read_narrative({"facts": sentence}, "en").concepts


def test_taking_the_crime_out_of_the_sentence_brings_the_signal_back() -> None:
    with_crime = "The blogger who insulted the Minister was found murdered."
    without = "The blogger insulted the Minister."
    assert "insult-of-authority" not in protected(read_narrative({"facts": with_crime}, "en"))
    assert "insult-of-authority" in protected(read_narrative({"facts": without}, "en"))


def test_what_is_left_out_is_not_what_is_wanted() -> None:
    wanted = "We request the correspondence of the journalist with his sources."
    spared = "We request the messages of the suspect; data of the journalist are not requested."
    assert "asks-for-press-contacts" in protected(read_narrative({"facts": wanted}, "en"))
    assert protected(read_narrative({"facts": spared}, "en")) == {}
