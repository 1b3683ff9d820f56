// @ts-nocheck
// Ajv writes JavaScript without types; the function below types what goes in and comes out.
// Made by ajv from docs/spec/settings.schema.json (`pnpm generate`); never edit it by hand.

/** What ajv says of a part of a document: where it stands as a JSON pointer, and what of the schema it does not fit. */
export interface DocumentProblem {
  readonly instancePath: string;
  readonly keyword: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** Set where it is the name of a key that does not fit. */
  readonly propertyName?: string;
}

/** All that is wrong with a document of settings. */
export function documentProblems(document: unknown): readonly DocumentProblem[] {
  return validate20(document) ? [] : validate20.errors;
}

const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"urn:wardline:settings:1","type":"object","additionalProperties":false,"properties":{"timezone":{"type":"string","pattern":"^[A-Za-z][A-Za-z0-9_+/-]*$"},"session":{"type":"object","additionalProperties":false,"properties":{"idle":{"$ref":"#/$defs/duration"},"longest":{"$ref":"#/$defs/duration"}}},"keys":{"type":"object","additionalProperties":false,"properties":{"rotate":{"$ref":"#/$defs/duration"}}},"residency":{"$ref":"#/$defs/name"},"isolation":{"enum":["pool","schema","database"]},"retention":{"type":"object","propertyNames":{"pattern":"^(?:audit|[A-Z][A-Za-z0-9]*)$"},"additionalProperties":{"$ref":"#/$defs/period"}},"features":{"type":"object","propertyNames":{"pattern":"^[a-z][a-z0-9_]*$"},"additionalProperties":{"enum":["on","off"]}}},"$defs":{"duration":{"type":"string","pattern":"^[0_]*[1-9][0-9_]*(?:us|ms|s|m|h|d|w)$"},"period":{"type":"string","pattern":"^[0_]*[1-9][0-9_]*(?:d|w|mo|y)$"},"name":{"type":"string","pattern":"^[a-z][a-z0-9_]*$"}}};
const schema32 = {"type":"string","pattern":"^[0_]*[1-9][0-9_]*(?:us|ms|s|m|h|d|w)$"};
const schema35 = {"type":"string","pattern":"^[a-z][a-z0-9_]*$"};
const schema36 = {"type":"string","pattern":"^[0_]*[1-9][0-9_]*(?:d|w|mo|y)$"};
const pattern4 = new RegExp("^[A-Za-z][A-Za-z0-9_+/-]*$", "u");
const pattern5 = new RegExp("^[0_]*[1-9][0-9_]*(?:us|ms|s|m|h|d|w)$", "u");
const pattern8 = new RegExp("^[a-z][a-z0-9_]*$", "u");
const pattern9 = new RegExp("^(?:audit|[A-Z][A-Za-z0-9]*)$", "u");
const pattern10 = new RegExp("^[0_]*[1-9][0-9_]*(?:d|w|mo|y)$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
/*# sourceURL="urn:wardline:settings:1" */;
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
for(const key0 in data){
if(!(((((((key0 === "timezone") || (key0 === "session")) || (key0 === "keys")) || (key0 === "residency")) || (key0 === "isolation")) || (key0 === "retention")) || (key0 === "features"))){
const err0 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.timezone !== undefined){
let data0 = data.timezone;
if(typeof data0 === "string"){
if(!pattern4.test(data0)){
const err1 = {instancePath:instancePath+"/timezone",schemaPath:"#/properties/timezone/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z][A-Za-z0-9_+/-]*$"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
else {
const err2 = {instancePath:instancePath+"/timezone",schemaPath:"#/properties/timezone/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.session !== undefined){
let data1 = data.session;
if(data1 && typeof data1 == "object" && !Array.isArray(data1)){
for(const key1 in data1){
if(!((key1 === "idle") || (key1 === "longest"))){
const err3 = {instancePath:instancePath+"/session",schemaPath:"#/properties/session/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
if(data1.idle !== undefined){
let data2 = data1.idle;
if(typeof data2 === "string"){
if(!pattern5.test(data2)){
const err4 = {instancePath:instancePath+"/session/idle",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[0_]*[1-9][0-9_]*(?:us|ms|s|m|h|d|w)$"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
else {
const err5 = {instancePath:instancePath+"/session/idle",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
if(data1.longest !== undefined){
let data3 = data1.longest;
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
const err6 = {instancePath:instancePath+"/session/longest",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[0_]*[1-9][0-9_]*(?:us|ms|s|m|h|d|w)$"}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
else {
const err7 = {instancePath:instancePath+"/session/longest",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
}
else {
const err8 = {instancePath:instancePath+"/session",schemaPath:"#/properties/session/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.keys !== undefined){
let data4 = data.keys;
if(data4 && typeof data4 == "object" && !Array.isArray(data4)){
for(const key2 in data4){
if(!(key2 === "rotate")){
const err9 = {instancePath:instancePath+"/keys",schemaPath:"#/properties/keys/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key2}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data4.rotate !== undefined){
let data5 = data4.rotate;
if(typeof data5 === "string"){
if(!pattern5.test(data5)){
const err10 = {instancePath:instancePath+"/keys/rotate",schemaPath:"#/$defs/duration/pattern",keyword:"pattern",params:{pattern: "^[0_]*[1-9][0-9_]*(?:us|ms|s|m|h|d|w)$"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/keys/rotate",schemaPath:"#/$defs/duration/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/keys",schemaPath:"#/properties/keys/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data.residency !== undefined){
let data6 = data.residency;
if(typeof data6 === "string"){
if(!pattern8.test(data6)){
const err13 = {instancePath:instancePath+"/residency",schemaPath:"#/$defs/name/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_]*$"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/residency",schemaPath:"#/$defs/name/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.isolation !== undefined){
let data7 = data.isolation;
if(!(((data7 === "pool") || (data7 === "schema")) || (data7 === "database"))){
const err15 = {instancePath:instancePath+"/isolation",schemaPath:"#/properties/isolation/enum",keyword:"enum",params:{allowedValues: schema31.properties.isolation.enum}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
if(data.retention !== undefined){
let data8 = data.retention;
if(data8 && typeof data8 == "object" && !Array.isArray(data8)){
for(const key3 in data8){
const _errs25 = errors;
if(typeof key3 === "string"){
if(!pattern9.test(key3)){
const err16 = {instancePath:instancePath+"/retention",schemaPath:"#/properties/retention/propertyNames/pattern",keyword:"pattern",params:{pattern: "^(?:audit|[A-Z][A-Za-z0-9]*)$"},propertyName:key3};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
}
var valid7 = _errs25 === errors;
if(!valid7){
const err17 = {instancePath:instancePath+"/retention",schemaPath:"#/properties/retention/propertyNames",keyword:"propertyNames",params:{propertyName: key3}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
for(const key4 in data8){
let data9 = data8[key4];
if(typeof data9 === "string"){
if(!pattern10.test(data9)){
const err18 = {instancePath:instancePath+"/retention/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/period/pattern",keyword:"pattern",params:{pattern: "^[0_]*[1-9][0-9_]*(?:d|w|mo|y)$"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
else {
const err19 = {instancePath:instancePath+"/retention/" + key4.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/$defs/period/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
}
else {
const err20 = {instancePath:instancePath+"/retention",schemaPath:"#/properties/retention/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.features !== undefined){
let data10 = data.features;
if(data10 && typeof data10 == "object" && !Array.isArray(data10)){
for(const key5 in data10){
const _errs32 = errors;
if(typeof key5 === "string"){
if(!pattern8.test(key5)){
const err21 = {instancePath:instancePath+"/features",schemaPath:"#/properties/features/propertyNames/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9_]*$"},propertyName:key5};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
var valid10 = _errs32 === errors;
if(!valid10){
const err22 = {instancePath:instancePath+"/features",schemaPath:"#/properties/features/propertyNames",keyword:"propertyNames",params:{propertyName: key5}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
for(const key6 in data10){
let data11 = data10[key6];
if(!((data11 === "on") || (data11 === "off"))){
const err23 = {instancePath:instancePath+"/features/" + key6.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/features/additionalProperties/enum",keyword:"enum",params:{allowedValues: schema31.properties.features.additionalProperties.enum}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
}
else {
const err24 = {instancePath:instancePath+"/features",schemaPath:"#/properties/features/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
}
else {
const err25 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};
