/// Frequent small words of languages: prose is full of them, menus are not. A feature of blocks.
enum StopWords {
  static let lists: [(language: String, words: String)] = [
    (
      "en",
      """
      the of and to a in is that for it on with as was be by this are or an from at not have but you
      your we our they he she his her their which who will can has had were been if about when what
      so all one there would its also than them these into out up do how some no just my me
      """
    ),
    (
      "de",
      """
      der die und in den von zu das mit sich des auf für ist im dem nicht ein eine als auch es an
      werden aus er hat dass sie nach wird bei einer um am sind noch wie einem über einen so zum war
      haben nur oder aber vor zur bis durch man sein wurde ich wir
      """
    ),
    (
      "fr",
      """
      le la les de des et en un une du que est pour qui dans par plus pas au sur ne se ce il sont
      avec cette mais nous vous ont aux ses leur être comme fait
      """
    ),
    (
      "es",
      """
      de la que el en y a los del se las por un para con no una su al lo como más o pero sus le ya
      este sí porque esta entre cuando muy sin sobre también hasta hay donde
      """
    ),
    (
      "it",
      """
      di e il la che in un a per è una non con si da come le dei del della nel alla più anche sono lo
      gli al ha ma dal delle questo ed
      """
    ),
    (
      "pt",
      """
      de a o que e do da em um para com não uma os no se na por mais as dos como mas ao ele das à seu
      sua ou quando muito nos já também só pelo pela até isso são
      """
    ),
    (
      "nl",
      """
      de het een van en in is dat op te zijn voor met niet aan er om ook als maar die door bij naar
      uit nog wordt over zo dan deze heeft worden
      """
    ),
    (
      "pl",
      """
      i w na z do nie się że to jest o jak za po ale od przez przy co tak dla czy już tym oraz który
      która które są tylko może
      """
    ),
    (
      "sv",
      """
      och att det i en som på är av för med den till inte om ett har de jag var så men kan från vi när
      """
    ),
    (
      "da",
      """
      og i at det er en til på som med de for den af ikke der har et om var fra men kan vi jeg når
      """
    ),
    ("cs", "a v se na je že s z do o to i k ve pro jako by byl ale za jsou tak co po jeho která"),
    ("tr", "ve bir bu da de için ile olarak çok daha gibi olan en ne kadar sonra var ama"),
  ]
}
