#include "analysis/acronym.h"

#include <string.h>

#define LETTERS_LIMIT 12 /* of an acronym */
#define NAME_WORDS 16    /* of a name, joints included */
#define LEAD_WORDS 6     /* "en lo sucesivo, la" */

/* Folded, in byte order of the acronym; several expansions are parted by tabs. What a whole region
 * writes; an archive's own pairs come from its texts. */
static const struct {
    const char *acronym, *names;
} built_in[] = {
    {"aabe", "agencia de administracion de bienes del estado"},
    {"aaip", "agencia de acceso a la informacion publica"},
    {"aapp", "administraciones publicas"},
    {"acnudh", "oficina del alto comisionado de las naciones unidas para los derechos humanos"},
    {"acnur", "alto comisionado de las naciones unidas para los refugiados"},
    {"acp", "autoridad del canal de panama"},
    {"adn", "acido desoxirribonucleico"},
    {"adpic", "acuerdo sobre los aspectos de los derechos de propiedad intelectual relacionados "
              "con el comercio"},
    {"aeat", "agencia estatal de administracion tributaria"},
    {"aecid", "agencia española de cooperacion internacional para el desarrollo"},
    {"aemet", "agencia estatal de meteorologia"},
    {"aepd", "agencia española de proteccion de datos"},
    {"afc", "administradora de fondos de cesantia"},
    {"afe", "administracion de ferrocarriles del estado"},
    {"afi", "agencia federal de inteligencia"},
    {"afip", "administracion federal de ingresos publicos"},
    {"afp", "administradora de fondos de pensiones"},
    {"agesic", "agencia de gobierno electronico y sociedad de la informacion y del conocimiento"},
    {"agn", "auditoria general de la nacion\tarchivo general de la nacion"},
    {"aicm", "aeropuerto internacional de la ciudad de mexico"},
    {"airef", "autoridad independiente de responsabilidad fiscal"},
    {"aladi", "asociacion latinoamericana de integracion"},
    {"alalc", "asociacion latinoamericana de libre comercio"},
    {"alca", "area de libre comercio de las americas"},
    {"amia", "asociacion mutual israelita argentina"},
    {"anc", "asamblea nacional constituyente"},
    {"ancap", "administracion nacional de combustibles alcohol y portland"},
    {"anep", "administracion nacional de educacion publica"},
    {"anh", "agencia nacional de hidrocarburos"},
    {"anii", "agencia nacional de investigacion e innovacion"},
    {"anla", "autoridad nacional de licencias ambientales"},
    {"anmat", "administracion nacional de medicamentos alimentos y tecnologia medica"},
    {"anp", "administracion nacional de puertos"},
    {"anpp", "asamblea nacional del poder popular"},
    {"anses", "administracion nacional de la seguridad social"},
    {"antel", "administracion nacional de telecomunicaciones"},
    {"anv", "agencia nacional de vivienda"},
    {"aod", "ayuda oficial al desarrollo"},
    {"apci", "agencia peruana de cooperacion internacional"},
    {"apec", "foro de cooperacion economica asia pacifico"},
    {"apn", "administracion publica nacional"},
    {"arca", "agencia de recaudacion y control aduanero"},
    {"art", "aseguradora de riesgos del trabajo"},
    {"asf", "auditoria superior de la federacion"},
    {"asfi", "autoridad de supervision del sistema financiero"},
    {"asse", "administracion de los servicios de salud del estado"},
    {"auc", "autodefensas unidas de colombia"},
    {"auh", "asignacion universal por hijo"},
    {"bancomext", "banco nacional de comercio exterior"},
    {"banobras", "banco nacional de obras y servicios publicos"},
    {"banxico", "banco de mexico"},
    {"bbdd", "bases de datos"},
    {"bcb", "banco central de bolivia"},
    {"bce", "banco central europeo\tbanco central del ecuador"},
    {"bcie", "banco centroamericano de integracion economica"},
    {"bcn", "biblioteca del congreso nacional"},
    {"bcp", "banco central del paraguay"},
    {"bcra", "banco central de la republica argentina"},
    {"bcrd", "banco central de la republica dominicana"},
    {"bcrp", "banco central de reserva del peru"},
    {"bcu", "banco central del uruguay"},
    {"bcv", "banco central de venezuela"},
    {"bde", "banco de españa"},
    {"bei", "banco europeo de inversiones"},
    {"bhu", "banco hipotecario del uruguay"},
    {"bid", "banco interamericano de desarrollo"},
    {"birf", "banco internacional de reconstruccion y fomento"},
    {"bm", "banco mundial"},
    {"bocg", "boletin oficial de las cortes generales"},
    {"bocm", "boletin oficial de la comunidad de madrid"},
    {"boe", "boletin oficial del estado"},
    {"boja", "boletin oficial de la junta de andalucia"},
    {"bop", "boletin oficial de la provincia"},
    {"bora", "boletin oficial de la republica argentina"},
    {"borme", "boletin oficial del registro mercantil"},
    {"bps", "banco de prevision social"},
    {"brou", "banco de la republica oriental del uruguay"},
    {"bse", "banco de seguros del estado"},
    {"caba", "ciudad autonoma de buenos aires"},
    {"cadh", "convencion americana sobre derechos humanos"},
    {"caf", "corporacion andina de fomento"},
    {"can", "comunidad andina\tcomunidad andina de naciones"},
    {"caricom", "comunidad del caribe"},
    {"ccaa", "comunidades autonomas"},
    {"ccoo", "comisiones obreras"},
    {"ccss", "caja costarricense de seguro social"},
    {"ccycn", "codigo civil y comercial de la nacion"},
    {"cde", "consejo de defensa del estado"},
    {"cdmx", "ciudad de mexico"},
    {"cdn", "convencion sobre los derechos del niño"},
    {"cedaw",
     "convencion sobre la eliminacion de todas las formas de discriminacion contra la mujer"},
    {"cedh", "convenio europeo de derechos humanos"},
    {"celac", "comunidad de estados latinoamericanos y caribeños"},
    {"ceoe", "confederacion española de organizaciones empresariales"},
    {"cepal", "comision economica para america latina y el caribe"},
    {"ceplan", "centro nacional de planeamiento estrategico"},
    {"cfe", "comision federal de electricidad"},
    {"cff", "codigo fiscal de la federacion"},
    {"cgn", "contaduria general de la nacion"},
    {"cgpj", "consejo general del poder judicial"},
    {"cgr", "contraloria general de la republica"},
    {"cgt", "confederacion general del trabajo"},
    {"cicig", "comision internacional contra la impunidad en guatemala"},
    {"cicpc", "cuerpo de investigaciones cientificas penales y criminalisticas"},
    {"cicr", "comite internacional de la cruz roja"},
    {"cide", "centro de investigacion y docencia economicas"},
    {"cidh", "comision interamericana de derechos humanos"},
    {"cij", "corte internacional de justicia"},
    {"cinvestav", "centro de investigacion y de estudios avanzados"},
    {"cjf", "consejo de la judicatura federal"},
    {"cmf", "comision para el mercado financiero"},
    {"cnbv", "comision nacional bancaria y de valores"},
    {"cndh", "comision nacional de los derechos humanos"},
    {"cne", "consejo nacional electoral\tcomision nacional de energia"},
    {"cnea", "comision nacional de energia atomica"},
    {"cnh", "comision nacional de hidrocarburos"},
    {"cni", "centro nacional de inteligencia"},
    {"cnmc", "comision nacional de los mercados y la competencia"},
    {"cnmv", "comision nacional del mercado de valores"},
    {"cnpp", "codigo nacional de procedimientos penales"},
    {"cnrt", "comision nacional de regulacion del transporte"},
    {"cnsc", "comision nacional del servicio civil"},
    {"cnte", "coordinadora nacional de trabajadores de la educacion"},
    {"cntv", "consejo nacional de television"},
    {"cnudmi", "comision de las naciones unidas para el derecho mercantil internacional"},
    {"cnv", "comision nacional de valores"},
    {"cochilco", "comision chilena del cobre"},
    {"codelco", "corporacion nacional del cobre"},
    {"cofece", "comision federal de competencia economica"},
    {"cofepris", "comision federal para la proteccion contra riesgos sanitarios"},
    {"coip", "codigo organico integral penal"},
    {"conabio", "comision nacional para el conocimiento y uso de la biodiversidad"},
    {"conacyt", "consejo nacional de ciencia y tecnologia"},
    {"conade", "comision nacional de cultura fisica y deporte"},
    {"conadep", "comision nacional sobre la desaparicion de personas"},
    {"conadi", "corporacion nacional de desarrollo indigena\tcomision nacional por el derecho a la "
               "identidad"},
    {"conae", "comision nacional de actividades espaciales"},
    {"conaf", "corporacion nacional forestal"},
    {"conafor", "comision nacional forestal"},
    {"conagua", "comision nacional del agua"},
    {"conanp", "comision nacional de areas naturales protegidas"},
    {"conapo", "consejo nacional de poblacion"},
    {"conapred", "consejo nacional para prevenir la discriminacion"},
    {"conavi", "comision nacional de vivienda"},
    {"condusef",
     "comision nacional para la proteccion y defensa de los usuarios de servicios financieros"},
    {"coneau", "comision nacional de evaluacion y acreditacion universitaria"},
    {"coneval", "consejo nacional de evaluacion de la politica de desarrollo social"},
    {"conicet", "consejo nacional de investigaciones cientificas y tecnicas"},
    {"conicyt", "comision nacional de investigacion cientifica y tecnologica"},
    {"conpes", "consejo nacional de politica economica y social"},
    {"consar", "comision nacional del sistema de ahorro para el retiro"},
    {"coparmex", "confederacion patronal de la republica mexicana"},
    {"copp", "codigo organico procesal penal"},
    {"corfo", "corporacion de fomento de la produccion"},
    {"corteidh", "corte interamericana de derechos humanos"},
    {"cpaca", "codigo de procedimiento administrativo y de lo contencioso administrativo"},
    {"cpe", "constitucion politica del estado"},
    {"cpeum", "constitucion politica de los estados unidos mexicanos"},
    {"cpi", "corte penal internacional"},
    {"creg", "comision de regulacion de energia y gas"},
    {"csic", "consejo superior de investigaciones cientificas"},
    {"csjn", "corte suprema de justicia de la nacion"},
    {"ctm", "confederacion de trabajadores de mexico"},
    {"cuil", "codigo unico de identificacion laboral"},
    {"cuit", "clave unica de identificacion tributaria"},
    {"curp", "clave unica de registro de poblacion"},
    {"dafp", "departamento administrativo de la funcion publica"},
    {"dane", "departamento administrativo nacional de estadistica"},
    {"ddhh", "derechos humanos"},
    {"df", "distrito federal"},
    {"dga", "direccion general de aguas\tdireccion general de aduanas"},
    {"dgi", "direccion general impositiva"},
    {"dgii", "direccion general de impuestos internos"},
    {"dgt", "direccion general de trafico\tdireccion general de tributos"},
    {"dian", "direccion de impuestos y aduanas nacionales"},
    {"dif", "sistema nacional para el desarrollo integral de la familia"},
    {"dinama", "direccion nacional de medio ambiente"},
    {"dinara", "direccion nacional de recursos acuaticos"},
    {"dipres", "direccion de presupuestos"},
    {"dni", "documento nacional de identidad"},
    {"dnp", "departamento nacional de planeacion"},
    {"dnu", "decreto de necesidad y urgencia"},
    {"dof", "diario oficial de la federacion"},
    {"doue", "diario oficial de la union europea"},
    {"dpi", "documento personal de identificacion"},
    {"dudh", "declaracion universal de los derechos humanos"},
    {"ecosoc", "consejo economico y social"},
    {"eeuu", "estados unidos\testados unidos de america"},
    {"eln", "ejercito de liberacion nacional"},
    {"enacom", "ente nacional de comunicaciones"},
    {"enap", "empresa nacional del petroleo"},
    {"enargas", "ente nacional regulador del gas"},
    {"enre", "ente nacional regulador de la electricidad"},
    {"erte", "expediente de regulacion temporal de empleo"},
    {"essalud", "seguro social de salud"},
    {"eua", "estados unidos de america"},
    {"ezln", "ejercito zapatista de liberacion nacional"},
    {"fach", "fuerza aerea de chile"},
    {"fao", "organizacion de las naciones unidas para la alimentacion y la agricultura"},
    {"farc", "fuerzas armadas revolucionarias de colombia"},
    {"felcn", "fuerza especial de lucha contra el narcotrafico"},
    {"ffaa", "fuerzas armadas"},
    {"ffcc", "ferrocarriles"},
    {"fgr", "fiscalia general de la republica"},
    {"fida", "fondo internacional de desarrollo agricola"},
    {"fmi", "fondo monetario internacional"},
    {"fmln", "frente farabundo marti para la liberacion nacional"},
    {"fne", "fiscalia nacional economica"},
    {"fogasa", "fondo de garantia salarial"},
    {"fonasa", "fondo nacional de salud"},
    {"fonatur", "fondo nacional de fomento al turismo"},
    {"fosis", "fondo de solidaridad e inversion social"},
    {"fovissste", "fondo de la vivienda del instituto de seguridad y servicios sociales de los "
                  "trabajadores del estado"},
    {"frob", "fondo de reestructuracion ordenada bancaria"},
    {"fsln", "frente sandinista de liberacion nacional"},
    {"gafi", "grupo de accion financiera internacional"},
    {"gafilat", "grupo de accion financiera de latinoamerica"},
    {"gei", "gases de efecto invernadero"},
    {"glp", "gas licuado de petroleo"},
    {"gnl", "gas natural licuado"},
    {"ica", "instituto colombiano agropecuario"},
    {"icbf", "instituto colombiano de bienestar familiar"},
    {"icetex", "instituto colombiano de credito educativo y estudios tecnicos en el exterior"},
    {"icfes", "instituto colombiano para la evaluacion de la educacion"},
    {"ico", "instituto de credito oficial"},
    {"ideam", "instituto de hidrologia meteorologia y estudios ambientales"},
    {"idh", "indice de desarrollo humano"},
    {"ied", "inversion extranjera directa"},
    {"ieps", "impuesto especial sobre produccion y servicios"},
    {"iess", "instituto ecuatoriano de seguridad social"},
    {"ife", "instituto federal electoral"},
    {"ift", "instituto federal de telecomunicaciones"},
    {"igac", "instituto geografico agustin codazzi"},
    {"igss", "instituto guatemalteco de seguridad social"},
    {"ihss", "instituto hondureño de seguridad social"},
    {"iica", "instituto interamericano de cooperacion para la agricultura"},
    {"imm", "intendencia municipal de montevideo"},
    {"impi", "instituto mexicano de la propiedad industrial"},
    {"imserso", "instituto de mayores y servicios sociales"},
    {"imss", "instituto mexicano del seguro social"},
    {"inac", "instituto nacional de carnes"},
    {"inadi", "instituto nacional contra la discriminacion la xenofobia y el racismo"},
    {"inaes", "instituto nacional de asociativismo y economia social"},
    {"inah", "instituto nacional de antropologia e historia"},
    {"inai", "instituto nacional de transparencia acceso a la informacion y proteccion de datos "
             "personales"},
    {"inap", "instituto nacional de la administracion publica\tinstituto nacional de "
             "administracion publica"},
    {"inapam", "instituto nacional de las personas adultas mayores"},
    {"inapi", "instituto nacional de propiedad industrial"},
    {"inau", "instituto del niño y adolescente del uruguay"},
    {"incaa", "instituto nacional de cine y artes audiovisuales"},
    {"incucai", "instituto nacional central unico coordinador de ablacion e implante"},
    {"indautor", "instituto nacional del derecho de autor"},
    {"indec", "instituto nacional de estadistica y censos"},
    {"indeci", "instituto nacional de defensa civil"},
    {"indecopi", "instituto nacional de defensa de la competencia y de la proteccion de la "
                 "propiedad intelectual"},
    {"indh", "instituto nacional de derechos humanos"},
    {"ine", "instituto nacional electoral\tinstituto nacional de estadistica"},
    {"inec", "instituto nacional de estadistica y censos"},
    {"inegi", "instituto nacional de estadistica y geografia"},
    {"inei", "instituto nacional de estadistica e informatica"},
    {"inem", "instituto nacional de empleo"},
    {"infonavit", "instituto del fondo nacional de la vivienda para los trabajadores"},
    {"inia", "instituto nacional de investigacion agropecuaria"},
    {"inifap", "instituto nacional de investigaciones forestales agricolas y pecuarias"},
    {"inisa", "instituto nacional de inclusion social adolescente"},
    {"injuv", "instituto nacional de la juventud"},
    {"inm", "instituto nacional de migracion"},
    {"inmujeres", "instituto nacional de las mujeres"},
    {"inpe", "instituto nacional penitenciario"},
    {"inpi",
     "instituto nacional de los pueblos indigenas\tinstituto nacional de la propiedad industrial"},
    {"insabi", "instituto de salud para el bienestar"},
    {"inss",
     "instituto nacional de la seguridad social\tinstituto nicaraguense de seguridad social"},
    {"inssjp", "instituto nacional de servicios sociales para jubilados y pensionados"},
    {"inta", "instituto nacional de tecnologia agropecuaria"},
    {"inti", "instituto nacional de tecnologia industrial"},
    {"inv", "instituto nacional de vitivinicultura"},
    {"invias", "instituto nacional de vias"},
    {"invima", "instituto nacional de vigilancia de medicamentos y alimentos"},
    {"ipc", "indice de precios al consumidor\tindice de precios al consumo"},
    {"ipn", "instituto politecnico nacional"},
    {"ips", "instituto de prevision social\tinstitucion prestadora de servicios de salud"},
    {"irae", "impuesto a las rentas de las actividades economicas"},
    {"irnr", "impuesto sobre la renta de no residentes"},
    {"irpf", "impuesto sobre la renta de las personas fisicas\timpuesto a la renta de las personas "
             "fisicas"},
    {"isapre", "institucion de salud previsional"},
    {"isr", "impuesto sobre la renta"},
    {"isss", "instituto salvadoreño del seguro social"},
    {"issste", "instituto de seguridad y servicios sociales de los trabajadores del estado"},
    {"iva", "impuesto al valor agregado\timpuesto sobre el valor añadido"},
    {"ivss", "instituto venezolano de los seguros sociales"},
    {"jce", "junta central electoral"},
    {"jep", "jurisdiccion especial para la paz"},
    {"jjoo", "juegos olimpicos"},
    {"jne", "jurado nacional de elecciones"},
    {"junaeb", "junta nacional de auxilio escolar y becas"},
    {"junji", "junta nacional de jardines infantiles"},
    {"jutep", "junta de transparencia y etica publica"},
    {"latu", "laboratorio tecnologico del uruguay"},
    {"lct", "ley de contrato de trabajo"},
    {"lec", "ley de enjuiciamiento civil"},
    {"lecrim", "ley de enjuiciamiento criminal"},
    {"lfpdppp", "ley federal de proteccion de datos personales en posesion de los particulares"},
    {"lft", "ley federal del trabajo"},
    {"lgamvlv", "ley general de acceso de las mujeres a una vida libre de violencia"},
    {"lgbti", "lesbianas gais bisexuales trans e intersexuales"},
    {"lgt", "ley general tributaria"},
    {"lgtaip", "ley general de transparencia y acceso a la informacion publica"},
    {"lisr", "ley del impuesto sobre la renta"},
    {"liva", "ley del impuesto al valor agregado"},
    {"lopj", "ley organica del poder judicial"},
    {"mdn", "ministerio de defensa nacional"},
    {"mef", "ministerio de economia y finanzas"},
    {"mercosur", "mercado comun del sur"},
    {"mgap", "ministerio de ganaderia agricultura y pesca"},
    {"mides", "ministerio de desarrollo social"},
    {"midis", "ministerio de desarrollo e inclusion social"},
    {"miem", "ministerio de industria energia y mineria"},
    {"mimp", "ministerio de la mujer y poblaciones vulnerables"},
    {"minam", "ministerio del ambiente"},
    {"mincetur", "ministerio de comercio exterior y turismo"},
    {"minedu", "ministerio de educacion"},
    {"mineduc", "ministerio de educacion"},
    {"minem", "ministerio de energia y minas"},
    {"mininter", "ministerio del interior"},
    {"minjus", "ministerio de justicia"},
    {"minrex", "ministerio de relaciones exteriores"},
    {"minsa", "ministerio de salud"},
    {"minsal", "ministerio de salud"},
    {"minsegpres", "ministerio secretaria general de la presidencia"},
    {"mintic", "ministerio de tecnologias de la informacion y las comunicaciones"},
    {"minvu", "ministerio de vivienda y urbanismo"},
    {"mipymes", "micro pequeñas y medianas empresas"},
    {"mop", "ministerio de obras publicas"},
    {"mopc", "ministerio de obras publicas y comunicaciones"},
    {"mpf", "ministerio publico fiscal\tministerio publico de la federacion"},
    {"mrree", "ministerio de relaciones exteriores"},
    {"msp", "ministerio de salud publica"},
    {"mtc", "ministerio de transportes y comunicaciones"},
    {"mtop", "ministerio de transporte y obras publicas"},
    {"mtpe", "ministerio de trabajo y promocion del empleo"},
    {"mtss", "ministerio de trabajo y seguridad social"},
    {"muface", "mutualidad general de funcionarios civiles del estado"},
    {"mvcs", "ministerio de vivienda construccion y saneamiento"},
    {"mvotma", "ministerio de vivienda ordenamiento territorial y medio ambiente"},
    {"nna", "niñas niños y adolescentes"},
    {"nnuu", "naciones unidas"},
    {"nom", "norma oficial mexicana"},
    {"oaci", "organizacion de aviacion civil internacional"},
    {"ocde", "organizacion para la cooperacion y el desarrollo economicos"},
    {"ods", "objetivos de desarrollo sostenible"},
    {"oea", "organizacion de los estados americanos"},
    {"oefa", "organismo de evaluacion y fiscalizacion ambiental"},
    {"oei", "organizacion de estados iberoamericanos"},
    {"oepm", "oficina española de patentes y marcas"},
    {"oiea", "organismo internacional de energia atomica"},
    {"oim", "organizacion internacional para las migraciones"},
    {"oit", "organizacion internacional del trabajo"},
    {"olade", "organizacion latinoamericana de energia"},
    {"omc", "organizacion mundial del comercio"},
    {"omi", "organizacion maritima internacional"},
    {"omm", "organizacion meteorologica mundial"},
    {"ompi", "organizacion mundial de la propiedad intelectual"},
    {"oms", "organizacion mundial de la salud"},
    {"omt", "organizacion mundial del turismo"},
    {"onemi", "oficina nacional de emergencia"},
    {"ong", "organizacion no gubernamental\torganizaciones no gubernamentales"},
    {"onp", "oficina de normalizacion previsional"},
    {"onpe", "oficina nacional de procesos electorales"},
    {"onsc", "oficina nacional del servicio civil"},
    {"onu", "organizacion de las naciones unidas\tnaciones unidas"},
    {"onusida", "programa conjunto de las naciones unidas sobre el vih sida"},
    {"oopp", "obras publicas"},
    {"opaq", "organizacion para la prohibicion de las armas quimicas"},
    {"opep", "organizacion de paises exportadores de petroleo"},
    {"opp", "oficina de planeamiento y presupuesto"},
    {"ops", "organizacion panamericana de la salud"},
    {"orsna", "organismo regulador del sistema nacional de aeropuertos"},
    {"osce", "organismo supervisor de las contrataciones del estado\torganizacion para la "
             "seguridad y la cooperacion en europa"},
    {"ose", "obras sanitarias del estado"},
    {"osinergmin", "organismo supervisor de la inversion en energia y mineria"},
    {"osiptel", "organismo supervisor de inversion privada en telecomunicaciones"},
    {"ositran",
     "organismo supervisor de la inversion en infraestructura de transporte de uso publico"},
    {"otan", "organizacion del tratado del atlantico norte"},
    {"pami", "programa de atencion medica integral"},
    {"parlatino", "parlamento latinoamericano"},
    {"pcc", "partido comunista de cuba"},
    {"pcm", "presidencia del consejo de ministros"},
    {"pdi", "policia de investigaciones"},
    {"pdvsa", "petroleos de venezuela"},
    {"pef", "presupuesto de egresos de la federacion"},
    {"pemex", "petroleos mexicanos"},
    {"pfa", "policia federal argentina"},
    {"pge", "presupuestos generales del estado\tprocuraduria general del estado"},
    {"pgn", "procuraduria general de la nacion\tprocuracion general de la nacion"},
    {"pgr", "procuraduria general de la republica"},
    {"pib", "producto interno bruto\tproducto interior bruto"},
    {"pidcp", "pacto internacional de derechos civiles y politicos"},
    {"pidesc", "pacto internacional de derechos economicos sociales y culturales"},
    {"pluna", "primeras lineas uruguayas de navegacion aerea"},
    {"pma", "programa mundial de alimentos"},
    {"pna", "prefectura naval argentina"},
    {"pnc", "policia nacional civil"},
    {"pnd", "plan nacional de desarrollo"},
    {"pnp", "policia nacional del peru"},
    {"pnud", "programa de las naciones unidas para el desarrollo"},
    {"pnuma", "programa de las naciones unidas para el medio ambiente"},
    {"prd", "partido de la revolucion democratica"},
    {"pri", "partido revolucionario institucional"},
    {"profeco", "procuraduria federal del consumidor"},
    {"profepa", "procuraduria federal de proteccion al ambiente"},
    {"psoe", "partido socialista obrero español"},
    {"psuv", "partido socialista unido de venezuela"},
    {"ptn", "procuracion del tesoro de la nacion"},
    {"pvem", "partido verde ecologista de mexico"},
    {"pyme", "pequeña y mediana empresa"},
    {"pymes", "pequeñas y medianas empresas"},
    {"rae", "real academia española"},
    {"renaper", "registro nacional de las personas"},
    {"renfe", "red nacional de los ferrocarriles españoles"},
    {"reniec", "registro nacional de identificacion y estado civil"},
    {"rfc", "registro federal de contribuyentes"},
    {"rgpd", "reglamento general de proteccion de datos"},
    {"rrhh", "recursos humanos"},
    {"rrnn", "recursos naturales"},
    {"rtve", "radio television española"},
    {"sader", "secretaria de agricultura y desarrollo rural"},
    {"sae", "servicio de administracion y enajenacion de bienes"},
    {"sagarpa", "secretaria de agricultura ganaderia desarrollo rural pesca y alimentacion"},
    {"sat", "servicio de administracion tributaria\tsuperintendencia de administracion tributaria"},
    {"sbif", "superintendencia de bancos e instituciones financieras"},
    {"sbs", "superintendencia de banca seguros y afp"},
    {"scjn", "suprema corte de justicia de la nacion"},
    {"sct", "secretaria de comunicaciones y transportes"},
    {"sectur", "secretaria de turismo"},
    {"sedatu", "secretaria de desarrollo agrario territorial y urbano"},
    {"sedena", "secretaria de la defensa nacional"},
    {"sedesol", "secretaria de desarrollo social"},
    {"segalmex", "seguridad alimentaria mexicana"},
    {"segib", "secretaria general iberoamericana"},
    {"segob", "secretaria de gobernacion"},
    {"seia", "sistema de evaluacion de impacto ambiental"},
    {"semar", "secretaria de marina"},
    {"semarnat", "secretaria de medio ambiente y recursos naturales"},
    {"sename", "servicio nacional de menores"},
    {"senasa", "servicio nacional de sanidad y calidad agroalimentaria"},
    {"sence", "servicio nacional de capacitacion y empleo"},
    {"sener", "secretaria de energia"},
    {"seniat", "servicio nacional integrado de administracion aduanera y tributaria"},
    {"sep", "secretaria de educacion publica"},
    {"sepe", "servicio publico de empleo estatal"},
    {"sepi", "sociedad estatal de participaciones industriales"},
    {"sepomex", "servicio postal mexicano"},
    {"seremi", "secretaria regional ministerial"},
    {"sernac", "servicio nacional del consumidor"},
    {"sernam", "servicio nacional de la mujer"},
    {"serviu", "servicio de vivienda y urbanizacion"},
    {"sesnsp", "secretariado ejecutivo del sistema nacional de seguridad publica"},
    {"sfp", "secretaria de la funcion publica"},
    {"sgsss", "sistema general de seguridad social en salud"},
    {"shcp", "secretaria de hacienda y credito publico"},
    {"sica", "sistema de la integracion centroamericana"},
    {"sict", "secretaria de infraestructura comunicaciones y transportes"},
    {"sida", "sindrome de inmunodeficiencia adquirida"},
    {"sieca", "secretaria de integracion economica centroamericana"},
    {"sigen", "sindicatura general de la nacion"},
    {"sii", "servicio de impuestos internos"},
    {"sipa", "sistema integrado previsional argentino"},
    {"sma", "superintendencia del medio ambiente"},
    {"smi", "salario minimo interprofesional"},
    {"smv", "superintendencia del mercado de valores"},
    {"snis", "sistema nacional integrado de salud"},
    {"sns", "sistema nacional de salud"},
    {"snte", "sindicato nacional de trabajadores de la educacion"},
    {"soat", "seguro obligatorio de accidentes de transito"},
    {"sodre", "servicio oficial de difusion representaciones y espectaculos"},
    {"sre", "secretaria de relaciones exteriores"},
    {"sri", "servicio de rentas internas"},
    {"srt", "superintendencia de riesgos del trabajo"},
    {"ssa", "secretaria de salud"},
    {"ssn", "superintendencia de seguros de la nacion"},
    {"ssp", "secretaria de seguridad publica"},
    {"sspc", "secretaria de seguridad y proteccion ciudadana"},
    {"stps", "secretaria del trabajo y prevision social"},
    {"subdere", "subsecretaria de desarrollo regional y administrativo"},
    {"sunafil", "superintendencia nacional de fiscalizacion laboral"},
    {"sunarp", "superintendencia nacional de los registros publicos"},
    {"sunat", "superintendencia nacional de aduanas y de administracion tributaria"},
    {"sunedu", "superintendencia nacional de educacion superior universitaria"},
    {"susalud", "superintendencia nacional de salud"},
    {"svs", "superintendencia de valores y seguros"},
    {"tca", "tribunal de lo contencioso administrativo"},
    {"tcp", "tribunal constitucional plurinacional"},
    {"tdlc", "tribunal de defensa de la libre competencia"},
    {"tedh", "tribunal europeo de derechos humanos"},
    {"tepjf", "tribunal electoral del poder judicial de la federacion"},
    {"tfja", "tribunal federal de justicia administrativa"},
    {"tfue", "tratado de funcionamiento de la union europea"},
    {"tgr", "tesoreria general de la republica"},
    {"tgss", "tesoreria general de la seguridad social"},
    {"tiar", "tratado interamericano de asistencia reciproca"},
    {"tic", "tecnologias de la informacion y la comunicacion"},
    {"tjue", "tribunal de justicia de la union europea"},
    {"tlc", "tratado de libre comercio"},
    {"tlcan", "tratado de libre comercio de america del norte"},
    {"tmec", "tratado entre mexico estados unidos y canada"},
    {"tocaf", "texto ordenado de contabilidad y administracion financiera"},
    {"tpi", "tribunal penal internacional"},
    {"tse", "tribunal supremo electoral\ttribunal supremo de elecciones"},
    {"tsj", "tribunal superior de justicia\ttribunal supremo de justicia"},
    {"tuo", "texto unico ordenado"},
    {"tupa", "texto unico de procedimientos administrativos"},
    {"uba", "universidad de buenos aires"},
    {"ucr", "union civica radical"},
    {"udelar", "universidad de la republica"},
    {"ue", "union europea"},
    {"uf", "unidad de fomento"},
    {"ugt", "union general de trabajadores"},
    {"uif", "unidad de inteligencia financiera\tunidad de informacion financiera"},
    {"uit", "union internacional de telecomunicaciones\tunidad impositiva tributaria"},
    {"uma", "unidad de medida y actualizacion"},
    {"unam", "universidad nacional autonoma de mexico"},
    {"unasur", "union de naciones suramericanas"},
    {"unctad", "conferencia de las naciones unidas sobre comercio y desarrollo"},
    {"uned", "universidad nacional de educacion a distancia"},
    {"unesco", "organizacion de las naciones unidas para la educacion la ciencia y la cultura"},
    {"unfpa", "fondo de poblacion de las naciones unidas"},
    {"unicef", "fondo de las naciones unidas para la infancia"},
    {"unodc", "oficina de las naciones unidas contra la droga y el delito"},
    {"upu", "union postal universal"},
    {"ursea", "unidad reguladora de servicios de energia y agua"},
    {"ursec", "unidad reguladora de servicios de comunicaciones"},
    {"urss", "union de republicas socialistas sovieticas"},
    {"ute", "administracion nacional de usinas y trasmisiones electricas"},
    {"utm", "unidad tributaria mensual"},
    {"utn", "universidad tecnologica nacional"},
    {"utu", "universidad del trabajo del uruguay"},
    {"uvt", "unidad de valor tributario"},
    {"vih", "virus de inmunodeficiencia humana"},
    {"ypf", "yacimientos petroliferos fiscales"},
    {"ypfb", "yacimientos petroliferos fiscales bolivianos"},
    {"zee", "zona economica exclusiva"},
};

const char *
lj_acronym_names(const char *folded)
{
    size_t low = 0, high = G_N_ELEMENTS(built_in);
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(folded, built_in[middle].acronym);
        if (order == 0)
            return built_in[middle].names;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

size_t
lj_acronym_count(void)
{
    return G_N_ELEMENTS(built_in);
}

const char *
lj_acronym_at(size_t n)
{
    return built_in[n].acronym;
}

const char *
lj_acronym_of(const char *name)
{
    /* Looked up for every run of words of a query: by a table, made once. */
    static GHashTable *names;
    static gsize ready;
    if (g_once_init_enter(&ready)) {
        names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        for (size_t i = G_N_ELEMENTS(built_in); i-- > 0;) {
            char **list = g_strsplit(built_in[i].names, "\t", -1);
            for (char **one = list; *one; one++)
                g_hash_table_insert(names, g_strdup(*one), (gpointer)built_in[i].acronym);
            g_strfreev(list);
        }
        g_once_init_leave(&ready, 1);
    }
    return g_hash_table_lookup(names, name);
}

/* --- pairs that a text explains -----------------------------------------------------------------
 */

/* The words around a bracket, those that are no parts: as many as are looked at. */
#define BEFORE (NAME_WORDS + 1)
#define BEHIND (NAME_WORDS + 2)

struct view {
    const char *text;
    struct lj_token token[BEFORE + BEHIND];
    size_t n;
};

/* Fills the view with the words around tokens->token[at], the first behind a bracket that opens;
 * returns which of the view's that is. */
static size_t
look_around(struct view *v, const struct lj_tokens *tokens, size_t at)
{
    size_t first = at, before = 0;
    while (first > 0 && before < BEFORE)
        before += !tokens->token[--first].part;
    v->n = 0;
    for (size_t i = first; i < tokens->n && v->n < before + BEHIND; i++)
        if (!tokens->token[i].part)
            v->token[v->n++] = tokens->token[i];
    return before;
}

static bool
capital(const struct view *v, size_t i)
{
    gunichar c = g_utf8_get_char_validated(v->text + v->token[i].start,
                                           (gssize)(v->token[i].end - v->token[i].start));
    return c < 0x110000 && g_unichar_isupper(c);
}

/* Is the token written as acronyms are: two capitals at least, and no more small letters than
 * capitals (CONACyT)? */
static bool
acronym(const struct view *v, size_t i)
{
    const struct lj_token *token = &v->token[i];
    size_t capitals = 0, small = 0, length = token->word->folded_length;
    if (token->part || (token->kind != LJ_TOKEN_WORD && token->kind != LJ_TOKEN_ACRONYM) ||
        length < 2 || length > LETTERS_LIMIT)
        return false;
    for (const char *p = v->text + token->start, *end = v->text + token->end; p < end;
         p = g_utf8_next_char(p)) {
        gunichar c = g_utf8_get_char(p);
        capitals += g_unichar_isupper(c);
        small += g_unichar_islower(c);
    }
    return capitals >= 2 && small <= capitals;
}

/* Are only blanks, commas, quotation marks or hyphens between two bytes? */
static bool
same_name(const struct view *v, size_t from, size_t to)
{
    size_t lines = 0;
    for (size_t i = from; i < to; i++) {
        unsigned char c = (unsigned char)v->text[i];
        lines += c == '\n';
        if (c < 0x80 && c != ' ' && c != '\n' && c != '\r' && c != '\t' && c != ',' && c != '"' &&
            c != '-' && c != '\'')
            return false;
    }
    return lines < 2 && to - from < 40;
}

/* A joint of names gives no letter, but may: "Boletín Oficial del Estado", "Comisión para la
 * Defensa". */
static bool
joint(const struct lj_word *word)
{
    return word->stop;
}

/* Matches the letters of an acronym from the right against the folded words last, last - 1 … first;
 * returns the word that its first letter begins, or SIZE_MAX. */
static size_t
match(const struct view *v, const struct lj_word *letters, size_t first, size_t last)
{
    const char *p = letters->folded + letters->folded_length; /* the letter to be found is p[-1] */
    size_t i = last + 1;
    while (i-- > first) {
        const struct lj_word *word = v->token[i].word;
        const char *end = word->folded + word->folded_length, *at = end;
        while (p > letters->folded) {
            bool opening = p - letters->folded == 1;
            const char *found = NULL;
            if (opening) /* names begin with no article: "(en) el Comando General (EMGE)" */
                found =
                    word->folded[0] == p[-1] && at > word->folded && (!joint(word) || capital(v, i))
                        ? word->folded
                        : NULL;
            else
                for (const char *q = at; q-- > word->folded && !found;)
                    if (*q == p[-1])
                        found = q;
            if (!found)
                break;
            /* A letter within a word is taken only if the word's own first letter stays free for
             * the one before it; else the word gives its first. */
            at = found;
            p--;
            if (opening)
                return i;
        }
    }
    return SIZE_MAX;
}

/* Do the words of a name give the letters of its acronym? Most of them must give their first. */
static bool
plausible(const struct view *v, const struct lj_word *letters, size_t first, size_t last)
{
    size_t content = 0, given = 0, capitals = 0;
    const char *p = letters->folded, *end = p + letters->folded_length;
    for (size_t i = first; i <= last; i++) {
        const struct lj_word *word = v->token[i].word;
        if (strchr("0123456789", word->folded[0]))
            return false;
        const char *here = memchr(p, word->folded[0], (size_t)(end - p));
        if (joint(word) && !(here == p && capital(v, i)))
            continue;
        content++;
        capitals += capital(v, i);
        if (here) {
            given++;
            p = here + 1;
        }
    }
    /* IMSS: Instituto Mexicano del Seguro Social; small letters only where each word gives one */
    return content >= 2 && given * 3 >= content * 2 &&
           (capitals * 2 >= content || (given == content && given == letters->folded_length));
}

/* How many words of a name give their first letter to the acronym, in its order. */
static size_t
initials(const struct view *v, const struct lj_word *letters, size_t first, size_t last)
{
    const char *p = letters->folded, *end = p + letters->folded_length;
    size_t given = 0;
    for (size_t i = first; i <= last; i++) {
        const struct lj_word *word = v->token[i].word;
        const char *here = joint(word) ? NULL : memchr(p, word->folded[0], (size_t)(end - p));
        if (here) {
            given++;
            p = here + 1;
        }
    }
    return given;
}

/* Does the name go on to the left with a capital that could be its first, so that more of its words
 * give their letter? "Asociación Argentina de Intérpretes (AADI)" is more than "Argentina de
 * Intérpretes". Returns where the whole name begins. */
static size_t
whole_name(const struct view *v, const struct lj_word *letters, size_t first, size_t found,
           size_t last)
{
    size_t given = initials(v, letters, found, last);
    if (given == letters->folded_length)
        return found;
    for (size_t i = found, words = 0; i-- > first && words < 4;) {
        const struct lj_word *word = v->token[i].word;
        if (joint(word))
            continue;
        words++;
        if (!capital(v, i))
            break;
        if (word->folded[0] == letters->folded[0] && initials(v, letters, i, last) > given &&
            plausible(v, letters, i, last))
            return i;
    }
    return found;
}

static void
give(const struct view *v, size_t abbreviation, size_t first, size_t last, lj_acronym_sink sink,
     void *data)
{
    GString *pair = g_string_new(v->token[abbreviation].word->folded);
    for (size_t i = first; i <= last; i++) {
        g_string_append_c(pair, i == first ? '=' : ' ');
        g_string_append(pair, v->token[i].word->folded);
    }
    size_t start = MIN(v->token[first].start, v->token[abbreviation].start);
    size_t end = MAX(v->token[last].end, v->token[abbreviation].end);
    if (pair->len <= 240)
        sink(data, start, end, pair->str, pair->len);
    g_string_free(pair, TRUE);
}

/* Name (… SIGLA): the bracket opens at byte open, token k is the first in it. */
static bool
name_before(const struct view *v, size_t open, size_t close, size_t k, lj_acronym_sink sink,
            void *data)
{
    size_t lead = k;
    while (lead < v->n && lead - k <= LEAD_WORDS && v->token[lead].end <= close &&
           !acronym(v, lead))
        lead++;
    if (lead == v->n || lead - k > LEAD_WORDS || v->token[lead].end > close || k == 0)
        return false;
    /* words before it in the bracket: "en adelante", "por sus siglas", "la"; and none after */
    if (lead > k) {
        static const char *const leads[] = {"en",  "por", "la",    "el",
                                            "las", "los", "sigla", "siglas"};
        bool known = false;
        for (size_t i = 0; i < G_N_ELEMENTS(leads); i++)
            known = known || strcmp(v->token[k].word->folded, leads[i]) == 0;
        if (!known || v->token[lead].end + 6 < close)
            return false;
    } else if (lead + 1 < v->n && v->token[lead + 1].end <= close) {
        return false;
    }
    size_t last = k - 1, first = last;
    if (v->token[last].end > open || !same_name(v, v->token[last].end, open))
        return false;
    while (first > 0 && last - first + 1 < NAME_WORDS &&
           same_name(v, v->token[first - 1].end, v->token[first].start))
        first--;
    size_t found = match(v, v->token[lead].word, first, last);
    if (found == SIZE_MAX || !plausible(v, v->token[lead].word, found, last))
        return false;
    found = whole_name(v, v->token[lead].word, first, found, last);
    give(v, lead, found, last, sink, data);
    return true;
}

/* SIGLA (Name) */
static bool
name_after(const struct view *v, size_t open, size_t close, size_t k, lj_acronym_sink sink,
           void *data)
{
    if (k == 0 || !acronym(v, k - 1) || v->token[k - 1].end > open ||
        open - v->token[k - 1].end > 1)
        return false;
    size_t last = k;
    while (last + 1 < v->n && v->token[last + 1].end <= close && last - k + 1 < NAME_WORDS &&
           same_name(v, v->token[last].end, v->token[last + 1].start))
        last++;
    if (last == k || v->token[last].end > close || !same_name(v, v->token[last].end, close))
        return false;
    size_t found = match(v, v->token[k - 1].word, k, last);
    if (found != k || !plausible(v, v->token[k - 1].word, k, last))
        return false;
    give(v, k - 1, k, last, sink, data);
    return true;
}

/* Can the bracket text[open, close) be part of a pair? An acronym, in it or right before it, has two
 * capitals; letters beyond ASCII may be some. */
static bool
has_capitals(const char *text, size_t open, size_t close)
{
    size_t from = open > 2 * LETTERS_LIMIT + 2 ? open - 2 * LETTERS_LIMIT - 2 : 0, capitals = 0;
    for (size_t i = from; i < close && capitals < 2; i++)
        capitals += g_ascii_isupper(text[i]) || (unsigned char)text[i] >= 0xc2;
    return capitals == 2;
}

void
lj_acronyms_find(const char *text, size_t length, const struct lj_tokens *tokens,
                 lj_acronym_sink sink, void *data)
{
    struct view v = {.text = text};
    size_t next = 0; /* the first token behind the bracket */
    const char *end = text + length;
    for (const char *p = text; p < end && (p = memchr(p, '(', (size_t)(end - p))); p++) {
        size_t open = (size_t)(p - text);
        const char *stop = memchr(p, ')', MIN((size_t)(end - p), 400));
        if (!stop)
            continue;
        size_t close = (size_t)(stop - text);
        if (!has_capitals(text, open, close))
            continue;
        while (next < tokens->n && (tokens->token[next].start < open || tokens->token[next].part))
            next++;
        size_t k = look_around(&v, tokens, next);
        if (k < v.n && v.token[k].start < close && !name_before(&v, open, close, k, sink, data))
            name_after(&v, open, close, k, sink, data);
    }
}
