/**
 * The look-up service of the population registry as a WSDL. No public WSDL exists: this one is OURS, rebuilt from the
 * messages that public clients send and read. What is confirmed and what is not stands in SOURCE.md; in short, names and
 * namespaces of elements, the order of the request and the empty SOAP action are confirmed, while types, the optional
 * marks, the port's name and the shape of the WSDL itself are reconstruction. Values are all `xs:string`: a code such as
 * `01` must keep its zero, and an unforeseen value must not make a whole answer unreadable.
 * A string, so that Node and Workers load it alike.
 */
export const POPULATION_WSDL = `<?xml version="1.0" encoding="UTF-8"?>
<wsdl:definitions name="DanCuQuocGia" targetNamespace="http://dancuquocgia.bca"
    xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:dan="http://dancuquocgia.bca"
    xmlns:mic="http://www.mic.gov.vn/dancu/1.0">
  <wsdl:types>
    <xs:schema targetNamespace="http://dancuquocgia.bca" elementFormDefault="qualified">
      <xs:element name="TraCuuThongTinCongDan">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="MaYeuCau" type="xs:string"/>
            <xs:element name="MaDVC" type="xs:string"/>
            <xs:element name="MaTichHop" type="xs:string"/>
            <xs:element name="MaDonVi" type="xs:string" minOccurs="0"/>
            <xs:element name="MaCanBo" type="xs:string"/>
            <xs:element name="TaiKhoan" type="xs:string" minOccurs="0"/>
            <xs:element name="SoDienThoai" type="xs:string" minOccurs="0"/>
            <xs:element name="SoDinhDanh" type="xs:string" minOccurs="0"/>
            <xs:element name="SoCMND" type="xs:string" minOccurs="0"/>
            <xs:element name="HoVaTen" type="xs:string"/>
            <xs:element name="NgayThangNamSinh">
              <xs:complexType>
                <xs:choice>
                  <xs:element name="NgayThangNam" type="xs:string"/>
                  <xs:element name="Nam" type="xs:string"/>
                </xs:choice>
              </xs:complexType>
            </xs:element>
          </xs:sequence>
        </xs:complexType>
      </xs:element>
    </xs:schema>
    <xs:schema targetNamespace="http://www.mic.gov.vn/dancu/1.0" elementFormDefault="qualified">
      <xs:complexType name="HoVaTen" mixed="true">
        <xs:sequence>
          <xs:element name="Ho" type="xs:string" minOccurs="0"/>
          <xs:element name="ChuDem" type="xs:string" minOccurs="0"/>
          <xs:element name="Ten" type="xs:string" minOccurs="0"/>
        </xs:sequence>
      </xs:complexType>
      <xs:complexType name="NgayThangNamSinh">
        <xs:sequence>
          <xs:element name="Nam" type="xs:string" minOccurs="0"/>
          <xs:element name="NgayThangNam" type="xs:string" minOccurs="0"/>
        </xs:sequence>
      </xs:complexType>
      <xs:complexType name="DiaChi">
        <xs:sequence>
          <xs:element name="MaTinhThanh" type="xs:string" minOccurs="0"/>
          <xs:element name="MaQuanHuyen" type="xs:string" minOccurs="0"/>
          <xs:element name="MaPhuongXa" type="xs:string" minOccurs="0"/>
          <xs:element name="ChiTiet" type="xs:string" minOccurs="0"/>
          <xs:element name="QuocGia" type="xs:string" minOccurs="0"/>
        </xs:sequence>
      </xs:complexType>
      <xs:complexType name="NguoiThan">
        <xs:sequence>
          <xs:element name="HoVaTen" type="mic:HoVaTen" minOccurs="0"/>
          <xs:element name="QuocTich" type="xs:string" minOccurs="0"/>
          <xs:element name="SoDinhDanh" type="xs:string" minOccurs="0"/>
          <xs:element name="SoCMND" type="xs:string" minOccurs="0"/>
        </xs:sequence>
      </xs:complexType>
      <xs:complexType name="ChuHo">
        <xs:sequence>
          <xs:element name="QuanHe" type="xs:string" minOccurs="0"/>
          <xs:element name="SoDinhDanh" type="xs:string" minOccurs="0"/>
          <xs:element name="SoCMND" type="xs:string" minOccurs="0"/>
          <xs:element name="HoVaTen" type="mic:HoVaTen" minOccurs="0"/>
        </xs:sequence>
      </xs:complexType>
      <xs:complexType name="CongDan">
        <xs:sequence>
          <xs:element name="SoDinhDanh" type="xs:string" minOccurs="0"/>
          <xs:element name="SoCMND" type="xs:string" minOccurs="0"/>
          <xs:element name="HoVaTen" type="mic:HoVaTen" minOccurs="0"/>
          <xs:element name="GioiTinh" type="xs:string" minOccurs="0"/>
          <xs:element name="DanToc" type="xs:string" minOccurs="0"/>
          <xs:element name="TonGiao" type="xs:string" minOccurs="0"/>
          <xs:element name="TinhTrangHonNhan" type="xs:string" minOccurs="0"/>
          <xs:element name="NhomMau" type="xs:string" minOccurs="0"/>
          <xs:element name="NgayThangNamSinh" type="mic:NgayThangNamSinh" minOccurs="0"/>
          <xs:element name="NoiDangKyKhaiSinh" type="mic:DiaChi" minOccurs="0"/>
          <xs:element name="QuocTich" type="xs:string" minOccurs="0"/>
          <xs:element name="QueQuan" type="mic:DiaChi" minOccurs="0"/>
          <xs:element name="ThuongTru" type="mic:DiaChi" minOccurs="0"/>
          <xs:element name="NoiOHienTai" type="mic:DiaChi" minOccurs="0"/>
          <xs:element name="Cha" type="mic:NguoiThan" minOccurs="0"/>
          <xs:element name="Me" type="mic:NguoiThan" minOccurs="0"/>
          <xs:element name="VoChong" type="mic:NguoiThan" minOccurs="0"/>
          <xs:element name="NguoiDaiDien" type="mic:NguoiThan" minOccurs="0"/>
          <xs:element name="ChuHo" type="mic:ChuHo" minOccurs="0"/>
          <xs:element name="SoSoHoKhau" type="xs:string" minOccurs="0"/>
        </xs:sequence>
      </xs:complexType>
      <xs:element name="CongdanCollection">
        <xs:complexType>
          <xs:sequence>
            <xs:element name="CongDan" type="mic:CongDan" minOccurs="0" maxOccurs="unbounded"/>
          </xs:sequence>
          <xs:attribute name="SoCongDan" type="xs:string"/>
          <xs:attribute name="GhiChu" type="xs:string"/>
          <xs:attribute name="ThoiDiemDuLieu" type="xs:string"/>
          <xs:attribute name="id" type="xs:string"/>
        </xs:complexType>
      </xs:element>
    </xs:schema>
  </wsdl:types>
  <wsdl:message name="TraCuuThongTinCongDanVao"><wsdl:part name="cauHoi" element="dan:TraCuuThongTinCongDan"/></wsdl:message>
  <wsdl:message name="TraCuuThongTinCongDanRa"><wsdl:part name="traLoi" element="mic:CongdanCollection"/></wsdl:message>
  <wsdl:portType name="DanCuQuocGia">
    <wsdl:operation name="TraCuuThongTinCongDan">
      <wsdl:input message="dan:TraCuuThongTinCongDanVao"/>
      <wsdl:output message="dan:TraCuuThongTinCongDanRa"/>
    </wsdl:operation>
  </wsdl:portType>
  <wsdl:binding name="DanCuQuocGiaSoap11" type="dan:DanCuQuocGia">
    <soap:binding style="document" transport="http://schemas.xmlsoap.org/soap/http"/>
    <wsdl:operation name="TraCuuThongTinCongDan">
      <soap:operation soapAction=""/>
      <wsdl:input><soap:body use="literal"/></wsdl:input>
      <wsdl:output><soap:body use="literal"/></wsdl:output>
    </wsdl:operation>
  </wsdl:binding>
  <wsdl:service name="DanCuQuocGia">
    <wsdl:port name="DanCuQuocGiaSoap11" binding="dan:DanCuQuocGiaSoap11">
      <soap:address location="http://population.invalid/"/>
    </wsdl:port>
  </wsdl:service>
</wsdl:definitions>
`;
